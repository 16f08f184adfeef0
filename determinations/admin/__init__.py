"""The admin's pages, by subject. Django finds them here; nobody else imports them."""

from .imports import ImportBatchAdmin, ImportFileAdmin
from .letters import DeterminationAdmin, DisputedItemAdmin

__all__ = ["DeterminationAdmin", "DisputedItemAdmin", "ImportBatchAdmin", "ImportFileAdmin"]
