"""System checks: data files that a person may edit are sound before anything is read by them."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from determinations.letters.vocabulary.checks import check_vocabulary
from determinations.letters.vocabulary.names import VocabularyError
from determinations.search.query.synonyms import SynonymsError, synonyms


def register_checks() -> None:
    register(vocabulary_is_sound)


def vocabulary_is_sound(**_: Any) -> list[CheckMessage]:
    try:
        check_vocabulary()
        synonyms()
    except (VocabularyError, SynonymsError) as error:
        return [
            Error(
                str(error),
                hint="Mend the entry that it names, in letters/vocabulary/ or search/synonyms.toml.",
                id="determinations.E001",
            )
        ]
    return []
