"""System checks: the data files that people may edit must be valid before anything uses them."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from determinations.letters.facts.grounds.check import check_grounds
from determinations.letters.facts.grounds.vocabulary import GroundsVocabularyError
from determinations.letters.vocabulary.checks import check_vocabulary
from determinations.letters.vocabulary.names import VocabularyError
from determinations.search.query.synonyms import SynonymsError, synonyms


@register()
def vocabulary_is_sound(**_: Any) -> list[CheckMessage]:
    try:
        check_vocabulary()
        check_grounds()
        synonyms()
    except (VocabularyError, GroundsVocabularyError, SynonymsError) as error:
        return [
            Error(
                str(error),
                hint="Correct the entry that it names, in letters/vocabulary/, letters/facts/grounds/ or "
                "search/query/synonyms.toml.",
                id="determinations.E001",
            )
        ]
    return []
