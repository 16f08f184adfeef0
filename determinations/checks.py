"""System checks: the data files that people may edit must be valid before anything uses them."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from determinations.letters.vocabulary.checks import check_vocabulary
from determinations.letters.vocabulary.names import VocabularyError
from determinations.search.query.synonyms import SynonymsError, synonyms


@register()
def vocabulary_is_sound(**_: Any) -> list[CheckMessage]:
    try:
        check_vocabulary()
        synonyms()
    except (VocabularyError, SynonymsError) as error:
        return [
            Error(
                str(error),
                hint="Correct the entry that it names, in letters/vocabulary/ or search/synonyms.toml.",
                id="determinations.E001",
            )
        ]
    return []
