"""Keeps this machine's index up to date: writes changes in groups, mends it, counts its words ahead.

Changes that cannot be written stay in the log, are logged once a minute, and are retried. Large segments are
merged by a separate process, since this takes minutes. On a single machine the import worker keeps the index
between letters; where several machines share a database, `manage.py follow` does so on each with an index.
"""

import logging
import subprocess
from time import monotonic

from django.db import Error

from determinations.leases import machines_share_database
from determinations.search.change_log import holding_followers
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild, rebuild_if_needed, waiting_changes, write_changes
from determinations.search.interface import (
    IndexMissingError,
    IndexOutdatedError,
    SearchEngine,
    SearchError,
    SearchUnavailableError,
)
from determinations.statistics.counting_ahead import CountingAhead
from imrsite.installation import command

SECONDS_BETWEEN_COMMITS = 3.0
SECONDS_BETWEEN_COMPLAINTS = 60.0
SECONDS_BETWEEN_VERIFICATIONS = 600.0

logger = logging.getLogger(__name__)


class IndexKeeping:
    """`error` says why noted changes are not searchable yet; empty where they are written."""

    def __init__(self) -> None:
        self.error = ""
        self._last_commit = -SECONDS_BETWEEN_COMMITS
        self._last_complaint = -SECONDS_BETWEEN_COMPLAINTS
        self._verified = -SECONDS_BETWEEN_VERIFICATIONS
        self._counting = CountingAhead()
        self._merging: subprocess.Popen[bytes] | None = None
        self._commit_seen = ""

    @property
    def engine(self) -> SearchEngine | None:
        """The index that is kept."""
        return search_engine()

    def write_if_due(self) -> None:
        """Write where the last commit is some seconds past: commits stay few, and letters wait little.

        Then begin to merge large segments, where that is due.
        """
        if monotonic() - self._last_commit >= SECONDS_BETWEEN_COMMITS:
            self.write()
            if not self.error:
                self._merge_if_due(search_engine())

    def write(self) -> None:
        """Write all that is noted."""
        engine = search_engine()
        try:
            write_changes(engine)
            self.error = ""
        except SearchError as error:
            self.error = (
                f"The letters are stored, but {waiting_changes(engine):,} changes are not searchable yet: "
                f"{error}"
            )
            self._complain()
            if isinstance(error, IndexOutdatedError):
                self._verified = -SECONDS_BETWEEN_VERIFICATIONS
        self._last_commit = monotonic()

    def look(self) -> None:
        """Do what is due now that nothing else is to be done."""
        if monotonic() - self._verified >= SECONDS_BETWEEN_VERIFICATIONS:
            self.mend()
        self.write_if_due()
        self._counting.step(search_engine())

    def mend(self) -> None:
        """Rebuild the index where it is damaged or outdated; the old one answers meanwhile, if it can."""
        try:
            if rebuild_if_needed(search_engine()):
                logger.warning("The search index was damaged or outdated, and was rebuilt.")
        except (SearchError, OSError, Error) as error:
            logger.error("The search index cannot be rebuilt: %s", error)
        self._verified = monotonic()

    def begin(self) -> None:
        """Build the index where there is none, or one that this version cannot read; otherwise mend it."""
        try:
            search_engine().status()
        except IndexOutdatedError:
            pass
        except SearchUnavailableError as error:
            logger.warning("%s This is done now.", error)
            rebuild(search_engine())
        self.mend()

    def close(self) -> None:
        """End what was begun: a merge that is cut off is begun anew by whoever keeps the index next."""
        if self._merging is not None and self._merging.poll() is None:
            self._merging.terminate()
            self._merging.wait()

    def _merge_if_due(self, engine: SearchEngine) -> None:
        """Begin to merge, once for each commit. Where that fails, changes are written all the same."""
        if self._merging is not None and self._merging.poll() is None:
            return
        try:
            commit = engine.status().commit
            if commit != self._commit_seen and engine.needs_merging():
                merging = command("merge_index", "--low-priority")
                # In a session of its own: Ctrl-C is for its parent, which ends it.
                self._merging = subprocess.Popen(  # noqa: S603
                    merging, stdout=subprocess.DEVNULL, start_new_session=True
                )
            self._commit_seen = commit
        except (SearchError, OSError) as error:
            logger.error("Large segments of the search index cannot be merged: %s", error)

    def _complain(self) -> None:
        if monotonic() - self._last_complaint >= SECONDS_BETWEEN_COMPLAINTS:
            logger.error(self.error)
            self._last_complaint = monotonic()


class NoIndex(IndexKeeping):
    """For a machine that has no index: others follow the log."""

    @property
    def engine(self) -> SearchEngine | None:
        return None

    def write_if_due(self) -> None:
        pass

    def write(self) -> None:
        pass

    def look(self) -> None:
        pass

    def mend(self) -> None:
        pass

    def begin(self) -> None:
        pass

    def close(self) -> None:
        pass


def keeping_of_this_machine() -> IndexKeeping:
    """For commands: without an index here, and with indexes on other machines, none is begun."""
    if machines_share_database():
        try:
            search_engine().status()
        except IndexMissingError:
            if holding_followers():
                return NoIndex()
        except SearchUnavailableError:
            pass  # it is kept, and so said to be damaged
    return IndexKeeping()
