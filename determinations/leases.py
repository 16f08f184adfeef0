"""Exclusive work: a file lock where the database is SQLite, and a lease in the database where it is shared.

The kernel releases a file lock when its holder dies. A lease runs out: a thread renews it while its holder
lives, and half a minute after the holder's death another process can take it. Clocks of machines do not
count, only the database's. A process that was away for longer (stopped, or cut off from the database) may
have lost its lease without knowing: before it commits anything, it calls `Held.require` in the same
transaction. That locks the lease's row, so nobody takes the lease until the commit.
"""

import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import DateTimeField, Expression, ExpressionWrapper, Q
from django.db.models.functions import Now
from django.utils import timezone

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.models import Lease

SECONDS = 30.0
"""A lease that is not renewed runs out after this time."""
RENEWALS = 4
"""How often a lease is renewed in that time."""
SECONDS_BETWEEN_TRIES = 0.5
_STORING = "storing letters"

logger = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another process has taken the lease, or may have: what is not committed must not be."""


class Held:
    """Something that this process holds. A file lock cannot get lost; see `HeldLease`."""

    def require(self) -> None:
        """Raises LeaseLostError if another process holds it by now; nobody can until the transaction ends."""

    def show_move(self) -> None:
        """Note that the holder gets on with its work."""


class HeldLease(Held):
    """`owner` tells this holding of the lease from all others."""

    def __init__(self, name: str, owner: str) -> None:
        self.name, self.owner = name, owner
        self._moved = monotonic()

    def require(self) -> None:
        with transaction.atomic():
            row = Lease.objects.select_for_update().filter(name=self.name, owner=self.owner)
            if not row.exists():
                raise LeaseLostError(f"Another process has taken over ({self.name}).")

    def show_move(self) -> None:
        self._moved = monotonic()

    def renew(self) -> bool:
        """Hold the lease for longer; False where it is lost."""
        silence = timedelta(seconds=monotonic() - self._moved)
        moved = ExpressionWrapper(Now() - silence, output_field=DateTimeField())
        own = Lease.objects.filter(name=self.name, owner=self.owner)
        return bool(own.update(expires_at=_from_now(SECONDS), moved_at=moved))

    def release(self) -> None:
        Lease.objects.filter(name=self.name, owner=self.owner).update(owner="", expires_at=Now())


def machines_share_database() -> bool:
    """Whether other machines may use the database: SQLite is a file of one machine."""
    return bool(settings.MACHINES_SHARE_DATABASE)


@contextmanager
def exclusive(name: str, seconds: float = 0.0) -> Iterator[Held]:
    """Be the only process that does `name`, or raise LockHeldError after `seconds`."""
    if machines_share_database():
        with lease(name, seconds) as held:
            yield held
        return
    with exclusive_lock(Path(settings.DATA_DIR) / f"{name}.lock", seconds):
        yield Held()


@contextmanager
def lease(name: str, seconds: float = 0.0, *, alone_here: bool = False) -> Iterator[HeldLease]:
    """Hold the lease within the block, or raise LockHeldError after `seconds`.

    With `alone_here`, no other process of this machine that has it is alive: the caller has a file lock.
    """
    held = _taken(name, monotonic() + seconds, alone_here)
    ended = threading.Event()
    renewing = threading.Thread(target=_renew_until, args=(held, ended), name=f"lease {name}", daemon=True)
    renewing.start()
    try:
        yield held
    finally:
        ended.set()
        renewing.join()
        try:
            held.release()
        except Error as error:
            logger.warning("The lease “%s” is not released and runs out by itself: %s", name, error)


def _taken(name: str, deadline: float, alone_here: bool) -> HeldLease:
    while True:
        try:
            return take(name, alone_here=alone_here)
        except LockHeldError:
            if monotonic() >= deadline:
                raise
        sleep(SECONDS_BETWEEN_TRIES)


def take(name: str, *, alone_here: bool = False) -> HeldLease:
    """Take a lease that nobody has, or whose holder is silent; it runs out unless it is renewed.

    Raises LockHeldError. `alone_here` is as for `lease`.
    """
    owner = secrets.token_hex(16)
    _require_row(name)
    is_free = Q(owner="") | Q(expires_at__lte=Now())
    if alone_here:
        is_free |= Q(machine=settings.MACHINE[:200])
    taken = Lease.objects.filter(is_free, name=name).update(
        owner=owner,
        machine=settings.MACHINE[:200],
        pid=os.getpid(),
        expires_at=_from_now(SECONDS),
        moved_at=Now(),
    )
    if not taken:
        row = Lease.objects.get(name=name)
        raise LockHeldError(row.pid, row.machine)
    return HeldLease(name, owner)


def running_leases(beginning: str) -> list[Lease]:
    """The leases that somebody has now and whose names begin so."""
    taken = Lease.objects.filter(name__startswith=beginning, expires_at__gt=Now()).exclude(owner="")
    return list(taken.order_by("name"))


def silence_of(held: Lease) -> float:
    """Seconds since the holder last got on with its work, by the database's clock."""
    now = Lease.objects.filter(pk=held.pk).values_list(ExpressionWrapper(Now(), DateTimeField()), flat=True)
    return max(0.0, ((now.first() or timezone.now()) - held.moved_at).total_seconds())


def lock_storing() -> None:
    """Store letters alone until the transaction ends: each looks for the letters that are there already.

    SQLite lets one transaction write at a time anyway.
    """
    if machines_share_database():
        _require_row(_STORING)
        Lease.objects.select_for_update().get(name=_STORING)


def _require_row(name: str) -> None:
    if not Lease.objects.filter(name=name).exists():
        now = timezone.now()
        Lease.objects.get_or_create(name=name, defaults={"expires_at": now, "moved_at": now})


def _from_now(seconds: float) -> Expression:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def _renew_until(held: HeldLease, ended: threading.Event) -> None:
    while not ended.wait(SECONDS / RENEWALS):
        try:
            if not held.renew():
                logger.warning("Another process has taken over (%s).", held.name)
                break
        except Error as error:
            # It is tried again; if that takes too long, the lease is lost, which `require` notices.
            logger.warning("The lease “%s” is not renewed: %s", held.name, error)
            connection.close()
    connection.close()
