"""What follows from a saved row or from signing in. Imported once, when the app is ready.

Every saved or deleted row notes which items the index has to learn about, in the same transaction. Bulk
writes send no signals: code that writes in bulk notes the changes itself.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from determinations.models import Determination, DisputedItem, GuidelineCitation
from determinations.research.folder_storage import hand_over
from determinations.search.indexing import note_changes, note_items_of, note_letter


@receiver((post_save, post_delete), sender=DisputedItem)
def note_item(instance: DisputedItem, **_: Any) -> None:
    note_changes([instance.pk])


@receiver((post_save, post_delete), sender=GuidelineCitation)
def note_cited_item(instance: GuidelineCitation, **_: Any) -> None:
    note_changes([instance.item_id])


@receiver(post_save, sender=Determination)
def note_items_of_letter(instance: Determination, created: bool, **_: Any) -> None:
    """A new letter's items note themselves when they are saved."""
    if not created:
        note_items_of([instance.pk])


@receiver(post_delete, sender=Determination)
def note_deleted_letter(**_: Any) -> None:
    """Its items note themselves, if it had any."""
    note_letter()


@receiver(post_delete, sender=User)
def note_lost_dates(**_: Any) -> None:
    """Entries of the admin's log go with their user: pages of letters date corrections by them."""
    note_letter()


@receiver(user_logged_in)
def keep_folder(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """The browser's folder becomes part of the person's own."""
    hand_over(request, user)
