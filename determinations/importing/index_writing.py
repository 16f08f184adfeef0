"""The import worker's share in the index: noted changes are written in groups, every few seconds.

What cannot be written now stays noted, is told once a minute, and is tried again.
"""

import logging
from time import monotonic

from determinations.search.engines import search_engine
from determinations.search.index_updates import waiting_changes, write_changes
from determinations.search.interface import SearchError

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_COMMITS = 3.0
SECONDS_BETWEEN_COMPLAINTS = 60.0


class IndexWriting:
    """`trouble` says why noted changes are not searchable yet; empty where they are written."""

    def __init__(self) -> None:
        self.trouble = ""
        self._last_commit = -SECONDS_BETWEEN_COMMITS
        self._last_complaint = -SECONDS_BETWEEN_COMPLAINTS

    def write_if_due(self) -> None:
        """Write where the last commit is some seconds past: commits stay few, and letters wait little."""
        if monotonic() - self._last_commit >= SECONDS_BETWEEN_COMMITS:
            self.write()

    def write(self) -> None:
        """Write all that is noted."""
        try:
            write_changes(search_engine())
            self.trouble = ""
        except SearchError as error:
            self.trouble = (
                f"The letters are stored, but {waiting_changes():,} items are not searchable yet: {error}"
            )
            self._complain()
        self._last_commit = monotonic()

    def _complain(self) -> None:
        if monotonic() - self._last_complaint >= SECONDS_BETWEEN_COMPLAINTS:
            logger.error(self.trouble)
            self._last_complaint = monotonic()
