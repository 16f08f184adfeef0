"""The writer's lease: one document that says who writes an index and until when.

A writer that lives renews it; one that died is replaced when it has run out. Clocks are those of the machines
that write: they must agree to within a few seconds, as machines with a time service do.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from determinations.search.interface import IndexLockedError, SearchUnavailableError
from determinations.search.opensearch.connection import WORK_SECONDS, Body, Cluster, RefusedError

LEASE_SECONDS = 45.0
RENEWED_EVERY = 10.0
_POLL_SECONDS = 0.2
_HOLDER = "lease"


class WriterReplacedError(SearchUnavailableError):
    """Another writer took over, for this one could not renew its lease in time."""

    def __init__(self) -> None:
        super().__init__(
            "The search index was not written: this process lost its turn to another one. Try again; "
            "changes that are noted are not lost."
        )


class WriterLease:
    """A lease that this process has."""

    def __init__(self, cluster: Cluster, path: str, place: tuple[int, int], name: str) -> None:
        self._cluster = cluster
        self._path = path
        self._place = place
        self._name = name
        self._until = time.monotonic() + LEASE_SECONDS
        self._is_lost = False
        self._done = threading.Event()
        self._renewal = threading.Lock()
        self._renewing = threading.Thread(target=self._keep, daemon=True)

    def require(self) -> None:
        """Raises WriterReplacedError where another process may write by now."""
        if self._is_lost or time.monotonic() >= self._until:
            raise WriterReplacedError

    def confirm(self) -> None:
        """Renew it now, before what cannot be taken back. Raises WriterReplacedError."""
        self.require()
        self._renew()
        self.require()

    def begin(self) -> None:
        self._renewing.start()

    def end(self) -> None:
        self._done.set()
        self._renewing.join()
        if self._is_lost:
            return
        number, term = self._place
        try:
            self._cluster.call(
                "DELETE", f"{self._path}?if_seq_no={number}&if_primary_term={term}", seconds=WORK_SECONDS
            )
        except RefusedError as error:
            if error.status not in (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND):
                raise

    def _keep(self) -> None:
        try:
            self._renew_again_and_again()
        finally:
            self._cluster.close()

    def _renew_again_and_again(self) -> None:
        while not self._is_lost and not self._done.wait(RENEWED_EVERY):
            with suppress(SearchUnavailableError):  # it is tried again until the lease runs out
                self._renew()

    def _renew(self) -> None:
        with self._renewal:
            begun = time.monotonic()
            try:
                self._place = _take(self._cluster, self._path, self._name, self._place)
            except RefusedError as error:
                if error.status not in (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND):
                    raise
                self._is_lost = True
            else:
                self._until = begun + LEASE_SECONDS


@contextmanager
def leased(cluster: Cluster, control: str, wait_seconds: float) -> Iterator[WriterLease]:
    """Raises IndexLockedError where another writer keeps the lease for `wait_seconds`."""
    path = f"/{control}/_doc/{_HOLDER}"
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    lease = WriterLease(cluster, path, _taken(cluster, path, name, wait_seconds), name)
    lease.begin()
    try:
        yield lease
    finally:
        lease.end()


def _taken(cluster: Cluster, path: str, name: str, wait_seconds: float) -> tuple[int, int]:
    deadline = time.monotonic() + wait_seconds
    while True:
        holder = _holder(cluster, path)
        try:
            if holder is None:
                return _take(cluster, path, name, None)
            if time.time() >= holder["_source"]["until"]:
                return _take(cluster, path, name, (holder["_seq_no"], holder["_primary_term"]))
        except RefusedError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
        if time.monotonic() >= deadline:
            who = (holder or {}).get("_source", {}).get("name", "of another machine")
            raise IndexLockedError(
                f"Another process ({who}) is writing the search index (waited {wait_seconds:g} seconds). "
                "Wait until it has finished, or stop it, and try again."
            )
        time.sleep(_POLL_SECONDS)


def _holder(cluster: Cluster, path: str) -> Body | None:
    try:
        return cluster.call("GET", path, seconds=WORK_SECONDS)
    except RefusedError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def _take(cluster: Cluster, path: str, name: str, place: tuple[int, int] | None) -> tuple[int, int]:
    condition = f"if_seq_no={place[0]}&if_primary_term={place[1]}" if place else "op_type=create"
    body = {"name": name, "until": time.time() + LEASE_SECONDS}
    answer = cluster.call("PUT", f"{path}?{condition}", body, seconds=LEASE_SECONDS / 3)
    return answer["_seq_no"], answer["_primary_term"]
