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
    LetterReparse,
    LetterWarning,
)
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
    "LetterReparse",
    "LetterWarning",
    "LevelsFrom",
    "Priority",
    "SavedSearch",
    "Sex",
]
