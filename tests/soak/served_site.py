"""The site that is soaked: `serve` in a process group of its own, killed in part or whole, started again."""

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from random import Random

from tests.importing.sites import PROC, Site, children_of, kill_all

SECONDS_TO_START = 120.0


class ServedSite:
    """Only processes that descend from its own `serve` are ever killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        unlimited = {f"IMR_{name}_RATE": "" for name in ("SUGGEST", "API", "FOLDER", "SIGN_IN")}
        self.site = Site(folder, {"PORT": str(self.port), "WEB_WORKERS": "2", **unlimited})
        self._serve: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start `serve`, unless it runs, and wait until it accepts connections."""
        with self._lock:
            if self._serve is None or self._serve.poll() is not None:
                self._serve = self.site.start("serve")
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise RuntimeError(f"serve did not start: {self.log()[-2000:]}")

    def answers(self) -> bool:
        """Wait until a page comes; False where none comes in good time."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with suppress(OSError, HTTPException):
                address = f"http://127.0.0.1:{self.port}/help/"
                with urllib.request.urlopen(address, timeout=30) as answer:
                    return int(answer.status) == 200
            time.sleep(0.2)
        return False

    def log(self) -> str:
        return (self.site.folder / "serve.log").read_text(errors="replace")

    def stop(self) -> int:
        """End it as an operator would, and give its exit status."""
        with self._lock:
            assert self._serve is not None
            self._serve.terminate()
            return self._serve.wait(timeout=SECONDS_TO_START)

    def kill_everything(self) -> None:
        with self._lock:
            if self._serve is not None and self._serve.poll() is None:
                kill_all(self._serve)

    def kill_one(self, random: Random) -> str:
        """Kill one of its processes, and give which: "" where there was none to kill."""
        with self._lock:
            if self._serve is None or self._serve.poll() is not None:
                return ""
            victims: list[tuple[str, int]] = []
            for child in children_of(self._serve.pid):
                command = _command_of(child)
                if b"gunicorn" in command:  # the site ends with it: it goes with everything else
                    victims += [("a web worker", pid) for pid in children_of(child)]
                elif b"process_imports" in command:
                    victims.append(("the import worker", child))
                    victims += [("a reader of letters", pid) for pid in children_of(child)]
            if not victims:
                return ""
            what, pid = random.choice(victims)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return what
            return ""


def _command_of(process: int) -> bytes:
    """Its command line; empty where it has ended."""
    try:
        return (PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""
