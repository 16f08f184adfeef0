"""System checks: data files that a person may edit are sound before anything is read by them."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .letters.guideline_vocabulary import guideline_vocabulary
from .letters.service_vocabulary import service_vocabulary
from .letters.vocabulary import VocabularyError, specialties


def register_checks() -> None:
    register(vocabulary_is_sound)


def vocabulary_is_sound(**_: Any) -> list[CheckMessage]:
    try:
        service_vocabulary()
        guideline_vocabulary()
        specialties()
    except VocabularyError as error:
        return [
            Error(
                str(error),
                hint="Mend the file in determinations/letters/vocabulary/.",
                id="determinations.E001",
            )
        ]
    return []
