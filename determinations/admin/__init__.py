"""The admin's pages, by subject. Django finds them here; nobody else imports them."""

from django.contrib import admin

from determinations.admin.imports import ImportBatchAdmin, ImportFileAdmin
from determinations.admin.letters import DeterminationAdmin, DisputedItemAdmin

admin.site.site_title = "IMR determinations"
admin.site.site_header = "IMR determinations: administration"
admin.site.index_title = "Letters, imports and accounts"

__all__ = ["DeterminationAdmin", "DisputedItemAdmin", "ImportBatchAdmin", "ImportFileAdmin"]
