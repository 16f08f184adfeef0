"""What makes an index unusable, and what to do about it. Visitors see the message, the log also the notes."""

from determinations.search.interface import IndexOutdatedError, SearchUnavailableError
from imrsite.installation import PROGRAM

REBUILD = f"Run “{PROGRAM} rebuild_index” to make it anew from the database."


class IndexDamagedError(SearchUnavailableError):
    """A file of the index is missing, cut short or has other content than was written."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The search index is damaged. {REBUILD}")
        self.add_note(where)  # names files of this machine, which visitors are not shown


class IndexVersionError(SearchUnavailableError):
    """The index was written by a version of this program that lays it out or analyzes text otherwise."""

    def __init__(self, written: str, wanted: str) -> None:
        super().__init__(_versions(written, wanted))


class OlderAnalysisError(IndexOutdatedError):
    """The index has the present layout, and words that an older version analyzed: it can still be read."""

    def __init__(self, written: str, wanted: str) -> None:
        super().__init__(_versions(written, wanted))


def _versions(written: str, wanted: str) -> str:
    return (
        f"The search index was written as version {written}; this program reads version {wanted}. {REBUILD}"
    )


class IndexLimitError(SearchUnavailableError):
    """The documents exceed what the index can hold; the message names the limit."""
