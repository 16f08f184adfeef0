"""Starts and watches the site's two processes: gunicorn and the import worker.

A worker that dies is restarted after a pause, which grows while it keeps dying. When gunicorn ends,
everything ends with its status. Ctrl-C and SIGTERM end both processes. Does not use Django.
"""

import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from types import FrameType

SECONDS_BETWEEN_LOOKS = 0.2
LONGEST_PAUSE_SECONDS = 60.0
GRACE_SECONDS = 30.0


@dataclass(slots=True)
class _Worker:
    """`pause` seconds are waited before the next start; a run longer than the longest pause forgets them."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = field(default_factory=monotonic)
    pause: float = 0.0

    def keep_running(self) -> None:
        if self.process and self.process.poll() is not None:
            lived = monotonic() - self.started_at
            self.pause = (
                1.0 if lived > LONGEST_PAUSE_SECONDS else min(2 * self.pause or 1.0, LONGEST_PAUSE_SECONDS)
            )
            how = _how(self.process.returncode)
            _say(f"The import worker ended ({how}). It will restart in {self.pause:.0f} s.")
            self.process = None
            self.start_at = monotonic() + self.pause
        if not self.process and monotonic() >= self.start_at:
            self.process = subprocess.Popen(self.command)  # noqa: S603
            self.started_at = monotonic()


def supervise(web: Sequence[str], worker: Sequence[str]) -> int:
    """Run both until the first ends or a signal comes; give the exit status for the whole.

    After Ctrl-C or SIGTERM the status is 0 where the processes ended in good time.
    """
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    watched = _Worker(worker)
    site = subprocess.Popen(web)  # noqa: S603
    try:
        while site.poll() is None and not signals:
            watched.keep_running()
            sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        _end([process for process in (site, watched.process) if process])
        for number, handler in before.items():
            signal.signal(number, handler)
    if signals and site.returncode in (0, -signal.SIGTERM, -signals[0]):
        return 0
    _say(f"gunicorn ended ({_how(site.returncode)}).")
    return site.returncode if site.returncode >= 0 else 128 - site.returncode


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(deadline - monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _say(message: str) -> None:
    print(message, flush=True)  # noqa: T201
