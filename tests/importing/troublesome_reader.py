"""A reader for tests, which does what the letter says, in reader processes."""

import os
import signal
from pathlib import Path

from determinations.importing.letter_reading import LetterRead, LetterRefused


def read_as_told(path: Path) -> LetterRead | LetterRefused:
    """Die, hang, stumble over the first attempt, or refuse with the letter's own words."""
    words = path.read_text()
    if words == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if words == "hang":
        while True:
            pass
    if words == "stumble":
        path.write_text("recovered")
        os.kill(os.getpid(), signal.SIGKILL)
    return LetterRefused("told", words)


class UnloadableReader:
    """Cannot be loaded in another process, as a reader of a broken installation."""

    def __call__(self, path: Path) -> LetterRead | LetterRefused:
        raise AssertionError(f"asked to read {path}")

    def __reduce__(self) -> tuple[object, ...]:
        return exit, ("the reader cannot be loaded",)
