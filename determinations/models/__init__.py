"""The app's models, by subject."""

from determinations.letters.parsed_letter import Decision, Laterality, Layout, LevelsFrom, Priority, Sex
from determinations.models.choices import (
    DECISION_LABELS,
    DECISION_MEANINGS,
    BatchState,
    CitedBy,
    FileResult,
)
from determinations.models.determination import (
    Determination,
    DisputedItem,
    GuidelineCitation,
    LetterReparse,
    LetterWarning,
)
from determinations.models.folders import (
    Folder,
    FolderAction,
    FolderEvent,
    FolderItem,
    FolderShare,
)
from determinations.models.imports import ImportBatch, ImportFile, RemovedLetter
from determinations.models.index_log import IndexChange, IndexFollower, IndexLog
from determinations.models.leases import Lease
from determinations.models.research import AlertTiming, PastSearch, ResearchSettings, SavedSearch

__all__ = [
    "DECISION_LABELS",
    "DECISION_MEANINGS",
    "AlertTiming",
    "BatchState",
    "CitedBy",
    "Decision",
    "Determination",
    "DisputedItem",
    "FileResult",
    "Folder",
    "FolderAction",
    "FolderEvent",
    "FolderItem",
    "FolderShare",
    "GuidelineCitation",
    "ImportBatch",
    "ImportFile",
    "IndexChange",
    "IndexFollower",
    "IndexLog",
    "Laterality",
    "Layout",
    "Lease",
    "LetterReparse",
    "LetterWarning",
    "LevelsFrom",
    "PastSearch",
    "Priority",
    "RemovedLetter",
    "ResearchSettings",
    "SavedSearch",
    "Sex",
]
