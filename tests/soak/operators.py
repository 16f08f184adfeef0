"""What is done to a soaked site from its own machine: imports, kills, backups, damage to the index."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sample_letters.generator import invented_letters
from tests.soak.ledger import Ledger
from tests.soak.served_site import ServedSite
from tests.soak.visitors import Served

LETTERS_PER_IMPORT = 30


def manage(served: Served, *arguments: str) -> tuple[int, str]:
    """Run a command to its end: its status, and what it wrote."""
    done = subprocess.run(
        [sys.executable, str(served.site.program), *arguments],
        env=served.site.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def letters_of_their_own(count: int, seed: int, first: int) -> Iterator[bytes]:
    """Invented letters, numbered from `first`: invented case numbers repeat with every seed, these do not."""
    for number, letter in enumerate(invented_letters(count, seed), first):
        own = f"CM{13 + number % 10}-{number % 10_000_000:07d}"
        yield f"{letter.text.replace(letter.name, own)}\nLetter {seed}.{number}\n".encode()


class Importer:
    """Folder after folder of invented letters; what a killed import left is imported again."""

    def __init__(self, served: ServedSite, ledger: Ledger, random: Random) -> None:
        self._served, self._ledger, self._seed = served, ledger, random.randrange(90_000)

    def step(self) -> None:
        self._seed += 1
        folder = self._served.site.folder.parent / "given" / str(self._seed)
        folder.mkdir(parents=True)
        hashes = set()
        letters = letters_of_their_own(LETTERS_PER_IMPORT, self._seed, first=self._seed * 100)
        for number, data in enumerate(letters):
            (folder / f"{number}.txt").write_bytes(data)
            hashes.add(hashlib.sha256(data).hexdigest())
        status, said = manage(self._served, "import_letters", str(folder))
        if status in (0, 3):
            self._ledger.taken_in(hashes)
            self._ledger.did("imports acknowledged")
        else:
            self._ledger.fault(f"import_letters ended with {status}: {said[-300:]}")


class Killer:
    """Kills a process some seconds after the site has come back from the last kill, now and then all."""

    def __init__(self, served: ServedSite, ledger: Ledger, random: Random) -> None:
        self._served, self._ledger, self._random = served, ledger, random

    def step(self) -> None:
        time.sleep(5 + 10 * self._random.random())
        self._ledger.went_down()
        if self._random.random() < 0.05:
            what = "everything at once"
            self._served.kill_everything()
            self._served.start()
        else:
            what = self._served.kill_one(self._random)
        if what:
            self._ledger.killed(what)
            if not self._served.answers():
                self._ledger.fault("the site did not come back after a kill")
        self._ledger.came_back()


class BackupMaker:
    def __init__(self, served: ServedSite, ledger: Ledger, random: Random) -> None:
        self._served, self._ledger, self._random = served, ledger, random
        self.folder = served.site.folder.parent / "backup"

    def step(self) -> None:
        status, said = manage(self._served, "backup", str(self.folder))
        if status:
            self._ledger.fault(f"backup ended with {status}: {said[-300:]}")
        else:
            self._ledger.did("backups")
        time.sleep(5)


class IndexDamager:
    """Overwrites bytes of the serving index, then runs the command that the error page names."""

    def __init__(self, served: ServedSite, ledger: Ledger, random: Random) -> None:
        self._served, self._ledger, self._random = served, ledger, random

    def step(self) -> None:
        time.sleep(10 + 10 * self._random.random())
        files = sorted(self._served.site.folder.glob("index/*/*.columns"))
        if not files:
            return
        self._damage(self._random.choice(files))
        time.sleep(2)
        for _ in range(10):  # another process may be writing
            status, said = manage(self._served, "rebuild_index")
            if not status:
                return
            time.sleep(1)
        self._ledger.fault(f"rebuild_index ended with {status}: {said[-300:]}")

    def _damage(self, path: Path) -> None:
        try:
            with path.open("r+b") as file:
                size = path.stat().st_size
                file.seek(self._random.randrange(max(1, size - 600)))
                file.write(self._random.randbytes(512))
        except FileNotFoundError:
            return  # a commit has just removed it
        self._ledger.did("damages of the index")
