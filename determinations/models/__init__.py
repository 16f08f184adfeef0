"""The app's models, by subject."""

from .choices import BatchState, CitedBy, Decision, FileResult, Laterality, Layout, LevelsFrom, Priority, Sex
from .determination import Determination, DisputedItem, GuidelineCitation, IndexChange, LetterWarning
from .history import LetterRereading
from .imports import ImportBatch, ImportFile
from .research import FolderItem, SavedSearch

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
