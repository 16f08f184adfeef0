"""Who did what in a folder of an account: the latest events, shown to everybody who may open it."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from determinations.models import Folder, FolderAction, FolderEvent

MOST_EVENTS = 200
"""Of one folder; older ones are forgotten."""
MOST_EVENTS_AT_ONCE = 20
"""Of one change: the rest of a whole folder that is handed over is one event."""


def record(folder: Folder, user: AbstractBaseUser, done: Iterable[tuple[FolderAction, str]]) -> None:
    """Note each action, and what it was about. Belongs in the transaction that changes the folder."""
    events = list(done)
    if not events:
        return
    shown, rest = events[:MOST_EVENTS_AT_ONCE], len(events) - MOST_EVENTS_AT_ONCE
    if rest > 0:
        shown.append((events[-1][0], f"{rest:,} more"))
    FolderEvent.objects.bulk_create(
        FolderEvent(folder=folder, by=user.get_username(), action=action, about=about)
        for action, about in shown
    )
    oldest = folder.events.values_list("pk", flat=True)[MOST_EVENTS : MOST_EVENTS + 1].first()
    if oldest is not None:
        folder.events.filter(pk__lte=oldest).delete()
