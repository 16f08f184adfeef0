"""The admin pages, by subject. Only Django imports this module."""

from django.contrib import admin

from determinations.admin.imports import ImportBatchAdmin, ImportFileAdmin
from determinations.admin.letters import DeterminationAdmin, DisputedItemAdmin

admin.site.site_title = "IMR determinations"
admin.site.site_header = "IMR determinations: administration"
admin.site.index_title = "Letters, imports and accounts"

__all__ = ["DeterminationAdmin", "DisputedItemAdmin", "ImportBatchAdmin", "ImportFileAdmin"]
