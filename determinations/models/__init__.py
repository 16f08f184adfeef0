"""The app's models, by subject."""

from determinations.models.choices import (
    BatchState,
    CitedBy,
    Decision,
    FileResult,
    Laterality,
    Layout,
    LevelsFrom,
    Priority,
    Sex,
)
from determinations.models.determination import (
    Determination,
    DisputedItem,
    GuidelineCitation,
    IndexChange,
    LetterWarning,
)
from determinations.models.history import LetterRereading
from determinations.models.imports import ImportBatch, ImportFile
from determinations.models.research import FolderItem, SavedSearch

__all__ = [
    "BatchState",
    "CitedBy",
    "Decision",
    "Determination",
    "DisputedItem",
    "FileResult",
    "FolderItem",
    "GuidelineCitation",
    "ImportBatch",
    "ImportFile",
    "IndexChange",
    "Laterality",
    "Layout",
    "LetterRereading",
    "LetterWarning",
    "LevelsFrom",
    "Priority",
    "SavedSearch",
    "Sex",
]
