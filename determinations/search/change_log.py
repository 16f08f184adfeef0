"""The log of changes that indexes follow: changes are noted in it, and each index reads from its position.

A note is written without a position, in the transaction that changes the item. Whoever reads the log first
gives positions to the notes that are committed by then, holding the lock of one row: positions grow without
gaps and a transaction that commits late gets later ones, whatever its keys are. A follower that has read up
to a position has therefore read all that is before it.

The position of an index is kept within the index, as the text of a `LogPosition`, and mirrored in a row, so
that the log can be trimmed. The index goes on from there if the log still has that very change; otherwise
(it was away for too long, or belongs to another database) it has to be built anew.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from determinations.models import DisputedItem, IndexChange, IndexFollower, IndexLog
from determinations.models.row_writes import insert_values, update_rows
from determinations.search.interface import SearchEngine

FORGET_DELETED = 0
"""In place of an item's key: the words of deleted items are to be taken out of the index's files."""
LETTER_ALONE = -1
"""In place of an item's key: a letter changed apart from its items, or has none. Only its pages show that."""
NUMBERED_AT_ONCE = 5000
SECONDS_BETWEEN_SIGNS = 60.0
"""A follower without news says no more often that it is there."""
_LOG = 1
MOST_COUNTED = 5000
"""With more changes than this without a position, the state of the log is unknown. Counting takes 0.3 ms."""
_STATE_OF_LOG = (
    "SELECT position, stamp, (SELECT COUNT(*) FROM"  # noqa: S608
    f" (SELECT 1 FROM {IndexChange._meta.db_table} WHERE position IS NULL LIMIT %s) AS unnumbered)"
    f" FROM {IndexLog._meta.db_table} WHERE id = %s"
)


class PositionLostError(Exception):
    """The log does not have the change that an index has followed it to."""


@dataclass(frozen=True, slots=True)
class LogPosition:
    """All changes up to `number` are taken in. `stamp` is that of the change with this number."""

    number: int
    stamp: int

    def __str__(self) -> str:
        return f"{self.number}:{self.stamp}"

    @classmethod
    def of(cls, text: str) -> "LogPosition":
        """The position that an index kept; the beginning for an index from before there were positions."""
        number, _, stamp = text.partition(":")
        return cls(int(number), int(stamp)) if text else BEFORE_POSITIONS


BEFORE_POSITIONS = LogPosition(0, 0)
"""Where indexes go on that an older version wrote: the migration kept what these had not seen."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of changed items in the order of the log, repeated ones once. `up_to` is where the last one is."""

    item_ids: tuple[int, ...]
    up_to: LogPosition
    forget_deleted: bool


def note(item_ids: Iterable[int]) -> None:
    """Note items that were added, changed or deleted, in the transaction that does so."""
    insert_values(IndexChange, [{"item_id": pk} for pk in item_ids])


def give_positions() -> LogPosition:
    """Give every committed change a position, and give the newest one."""
    while _give_some_positions():
        pass
    log = IndexLog.objects.filter(pk=_LOG).first()
    if log is None:
        with transaction.atomic():
            log = _locked_log()
    return LogPosition(log.position, log.stamp)


def _give_some_positions() -> bool:
    unnumbered = IndexChange.objects.filter(position=None).order_by("pk")
    if not unnumbered.exists():  # with nothing to do, nothing is locked or written
        return False
    with transaction.atomic():
        log = _locked_log()
        changes = list(unnumbered.only("pk")[:NUMBERED_AT_ONCE])
        if not changes:  # another follower was quicker; a stamp without changes would deny its positions
            return False
        log.stamp = secrets.randbits(62)
        for change in changes:
            log.position += 1
            change.position, change.stamp = log.position, log.stamp
        update_rows(changes, ["position", "stamp"])
        log.save(update_fields=["position", "stamp"])
    return True


def _locked_log() -> IndexLog:
    """The log's row, made where there is none yet. Needs a transaction, and is locked to its end."""
    if not IndexLog.objects.filter(pk=_LOG).exists():
        IndexLog.objects.get_or_create(pk=_LOG, defaults={"stamp": secrets.randbits(62)})
        log = IndexLog.objects.select_for_update().get(pk=_LOG)
        if not IndexChange.objects.exclude(position=None).exists():
            _mark_beginning(log)
    return IndexLog.objects.select_for_update().get(pk=_LOG)


def _mark_beginning(log: IndexLog) -> None:
    """A change of nothing, so that an index that begins here finds its position later."""
    IndexChange.objects.create(item_id=FORGET_DELETED, position=log.position, stamp=log.stamp)


def log_state() -> str:
    """What tells one state of the log from any other, and so one state of the letters; "" for an unknown one.

    Only reads, and in one statement: between two of them, changes could get their positions. At one position,
    changes without a position only become more; where they are too many to be counted, as while nothing reads
    the log, the state is unknown. Not by querysets, which take 0.7 ms here, many times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE_OF_LOG, [MOST_COUNTED + 1, _LOG])
        found = cursor.fetchone()
    return ":".join(map(str, found)) if found and found[-1] <= MOST_COUNTED else ""


def changes_after(position: LogPosition, most: int) -> Changes | None:
    """The next changes, or None where there are none. Raises PositionLostError."""
    newest = give_positions()
    require_known(position, newest)
    if newest == position:
        return None
    rows = list(
        IndexChange.objects.filter(position__gt=position.number)
        .order_by("position")
        .values_list("position", "stamp", "item_id")[:most]
    )
    # Trimmed between the two questions: then the log no longer has what comes next.
    if not rows or rows[0][0] != position.number + 1:
        raise PositionLostError
    number, stamp, _ = rows[-1]
    items = dict.fromkeys(item_id for _, _, item_id in rows)
    forget = items.pop(FORGET_DELETED, 0) is None
    items.pop(LETTER_ALONE, None)
    return Changes(tuple(items), LogPosition(number or 0, stamp or 0), forget)


def require_known(position: LogPosition, newest: LogPosition | None = None) -> None:
    """Raises PositionLostError where an index at the position cannot go on from there."""
    newest = newest or give_positions()
    if position == newest:
        return
    own = IndexChange.objects.filter(position=position.number, stamp=position.stamp)
    if position.number >= newest.number or not own.exists():
        raise PositionLostError


def beginning(items: QuerySet[DisputedItem]) -> LogPosition | None:
    """Where the log begins, if all the items were changed since: an empty index can then start there."""
    newest = give_positions()
    first = IndexChange.objects.exclude(position=None).order_by("position").first()
    begins = LogPosition(first.position or 0, first.stamp or 0) if first else newest
    later = IndexChange.objects.filter(Q(position=None) | Q(position__gt=begins.number))
    return None if items.exclude(pk__in=later.values("item_id")).exists() else begins


def changes_behind(position: LogPosition) -> int:
    """How many changes an index at the position has not taken in."""
    return sum(changes.count() for changes in _waiting(position))


def seconds_behind(position: LogPosition) -> float:
    """How long the oldest of them has waited; 0 where there is none."""
    waiting = [changes.aggregate(at=Min("noted_at"))["at"] for changes in _waiting(position)]
    since = min((at for at in waiting if at), default=None)
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0


def _waiting(position: LogPosition) -> tuple[QuerySet[IndexChange], QuerySet[IndexChange]]:
    """Changes of items that an index at the position has not taken in, without a position and with one."""
    items = IndexChange.objects.exclude(item_id__in=(FORGET_DELETED, LETTER_ALONE))
    return items.filter(position=None), items.filter(position__gt=position.number)


def begin_new_log() -> None:
    """Every index that followed this database has to be built anew: it is now another one, such as a copy."""
    with transaction.atomic():
        log = _locked_log()
        IndexChange.objects.all().delete()
        IndexFollower.objects.all().delete()
        log.position, log.stamp = log.position + 1, secrets.randbits(62)
        log.save(update_fields=["position", "stamp"])
        _mark_beginning(log)


def follower_name(engine: SearchEngine) -> str:
    return (engine.location if engine.is_shared else f"{settings.MACHINE} {engine.location}")[:600]


def show_position(engine: SearchEngine, position: LogPosition) -> None:
    """Let the others know how far this index has come, and drop changes that all have taken in."""
    now = timezone.now()
    name = follower_name(engine)
    known = IndexFollower.objects.filter(name=name).first()
    fresh = now - timedelta(seconds=SECONDS_BETWEEN_SIGNS)
    if known and known.position == position.number and known.seen_at > fresh:
        return
    machine = "" if engine.is_shared else settings.MACHINE[:200]
    IndexFollower.objects.update_or_create(
        name=name, defaults={"machine": machine, "position": position.number, "seen_at": now}
    )
    trim()


def holding_followers() -> Sequence[IndexFollower]:
    """Those for which the log is kept: seen within IMR_FOLLOWER_DAYS."""
    since = timezone.now() - timedelta(days=settings.FOLLOWER_DAYS)
    return list(IndexFollower.objects.filter(seen_at__gt=since).order_by("name"))


def trim() -> int:
    """Drop changes that no follower needs, and give their number. The newest that all have stays.

    By its stamp an index knows that it goes on in this log. Without a follower, nothing is dropped.
    """
    with transaction.atomic():
        log = _locked_log()
        followers = holding_followers()
        if not followers:
            return 0
        needed = min([log.position, *(follower.position for follower in followers)])
        dropped, _ = IndexChange.objects.filter(position__lt=needed).delete()
    return dropped
