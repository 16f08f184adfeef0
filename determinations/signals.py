"""Every saved or deleted row notes which items the index has to learn about, in the same transaction.

Bulk writes send no signals: who writes in bulk notes the changes itself.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save

from determinations.models import Determination, DisputedItem, GuidelineCitation
from determinations.search.indexing import note_changes, note_items_of


def connect() -> None:
    """Called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_item_changed, sender=DisputedItem, dispatch_uid=f"{id(signal)} item")
        signal.connect(_citation_changed, sender=GuidelineCitation, dispatch_uid=f"{id(signal)} citation")
    # A letter that is deleted takes its items along, and each of them says so itself.
    post_save.connect(_determination_changed, sender=Determination, dispatch_uid="determination")


def _item_changed(instance: DisputedItem, **_: Any) -> None:
    note_changes([instance.pk])


def _citation_changed(instance: GuidelineCitation, **_: Any) -> None:
    note_changes([instance.item_id])


def _determination_changed(instance: Determination, created: bool, **_: Any) -> None:
    if not created:
        note_items_of([instance.pk])
