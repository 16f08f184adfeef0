"""The log of changes that every search index follows, and the indexes that follow it.

A change gets its position after it was committed, so positions are never skipped: see `search/change_log.py`.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class IndexChange(models.Model):
    """An item that was added, changed or deleted, noted in the transaction that changed it.

    No foreign key: a deleted item must be taken out of an index after its row is gone. Items 0 and
    -1 are none: indexes that meet 0 forget the words of all deleted items, and -1 says that a letter changed
    apart from its items. `stamp` is a random number that all changes
    share that were given positions together: it tells this log from another one with the same positions.
    """

    item_id = models.BigIntegerField()
    position = models.BigIntegerField(null=True, unique=True, editable=False)
    stamp = models.BigIntegerField(null=True, editable=False)
    noted_at = models.DateTimeField(null=True, default=timezone.now, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=("id",), condition=Q(position__isnull=True), name="index_change_unnumbered"),
        )

    def __str__(self) -> str:
        return f"item {self.item_id}"


class IndexLog(models.Model):
    """The one row that is locked while positions are given and old changes are dropped.

    `position` and `stamp` are those of the newest change that has a position.
    """

    position = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField()

    def __str__(self) -> str:
        return f"log up to {self.position}"


class IndexFollower(models.Model):
    """An index, and how far it had followed the log when it was last seen. The index itself knows best.

    `name` is its location with the machine's name; the machine's name is empty for a shared index.
    """

    name = models.CharField(max_length=600, unique=True)
    machine = models.CharField(max_length=200, blank=True)
    position = models.BigIntegerField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
