"""`make campaign`: an import by two workers and two web machines under readers, while what they need is lost.

PostgreSQL has a standby, which takes over; each web machine has an index of its own, or all have one on three
OpenSearch nodes. Everything is on 127.0.0.1 and in one temporary folder, and only processes that it started
are ended. Exit status 1 if anything is lost, or if any answer was a 5xx that is not announced.

CAMPAIGN_SEARCH    files (the default), or opensearch for the shared index, which needs Java and Maven
CAMPAIGN_LETTERS   how many are imported (5,000)
CAMPAIGN_READERS   how many read meanwhile (32)
CAMPAIGN_SECONDS   for how long faults happen (200); the import is then finished in peace
CAMPAIGN_SEED      other letters, faults and moments (1)
CAMPAIGN_FOLDER    keeps all files there, with the logs
"""

import os
import secrets
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from benchmarks.peers.postgresql_server import unavailable
from tests.campaign.aftermath import check, finish, processes_left
from tests.campaign.faults import ProcessFaults, ServerFaults
from tests.campaign.figures import Figures
from tests.campaign.importers import Importer, TypedImporter, UploadingImporter
from tests.campaign.machines import MARK, Keeper, Machine
from tests.campaign.postgresql_pair import PostgresqlPair, wait_until
from tests.campaign.search_nodes import SearchNodes
from tests.campaign.small_disk import mounted, unmount
from tests.soak.ledger import ANNOUNCED, Ledger
from tests.soak.operators import manage
from tests.soak.visitors import EDITOR, PASSWORD, Editor, Visitor

SECONDS_TO_IMPORT = 900.0
DISK = "256m"
BATCHES = 12
EXPECTED = {200, 201, 302, *ANNOUNCED}
"""What the site may answer to what its visitors ask here; of a loss, only what is announced."""
_ACCOUNT = (
    "from django.contrib.auth.models import User; "
    f"User.objects.create_superuser({EDITOR!r}, password={PASSWORD!r})"
)
_KEYS_OF = "SELECT id FROM determinations_determination WHERE id % {} = {} ORDER BY random() LIMIT 1"


@dataclass(frozen=True)
class Wanted:
    search: str
    letters: int
    readers: int
    seconds: float
    seed: int

    @classmethod
    def of_environment(cls) -> "Wanted":
        search = os.environ.get("CAMPAIGN_SEARCH") or "files"
        if search not in ("files", "opensearch"):
            sys.exit(f"CAMPAIGN_SEARCH is “{search}”. Set it to files or opensearch.")
        return cls(
            search,
            int(os.environ.get("CAMPAIGN_LETTERS") or 5000),
            int(os.environ.get("CAMPAIGN_READERS") or 32),
            float(os.environ.get("CAMPAIGN_SECONDS") or 200),
            int(os.environ.get("CAMPAIGN_SEED") or 1),
        )


class Campaign:
    """`ledger` has what was acknowledged; what pages answered is with their machine."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self.folder, self.wanted = folder, wanted
        self.ledger, self.figures = Ledger(), Figures()
        self.mark = secrets.token_hex(8)
        self.pair = PostgresqlPair(folder)
        self.nodes = SearchNodes(folder, self.mark) if wanted.search == "opensearch" else None
        self.letters = folder / "letters"
        self.letters.mkdir()
        extra = {MARK: self.mark, **(self.nodes.settings if self.nodes else {})}

        def machine(name: str, *commands: str) -> Machine:
            return Machine(folder, name, commands, self.pair, self.figures, extra)

        self.web = [machine("web-1", "web", "follow"), machine("web-2", "web", "follow")]
        self.workers = [machine("worker-1", "worker"), machine("worker-2", "worker")]
        self.roles = [role for each in (*self.web, *self.workers) for role in each.roles.values()]
        self.disks: dict[str, Path] = {}

    def run(self) -> None:
        with ExitStack() as stack:
            self._mount(stack)
            stack.callback(self.pair.stop)
            self.pair.start()
            if self.nodes:
                stack.callback(self.nodes.stop)
                self.nodes.start()
            for command in (("migrate", "--verbosity", "0"), ("shell", "-c", _ACCOUNT)):
                status, said = manage(self.web[0], *command)
                if status:
                    raise RuntimeError(said)
            keeper = Keeper(self.roles)
            try:
                self._wait_for_roles()
                self._act()
                self._wait_for_roles()
                finish(self.pair)
            finally:
                keeper.stop()
                self._stop_roles()
            check(self.pair, self.web, self.letters, self.ledger)

    def _mount(self, stack: ExitStack) -> None:
        """Disks that can be filled: of the original letters, and of one of the indexes."""
        places = {"the original letters": self.letters}
        if not self.nodes:
            places["an index"] = self.web[1].site.folder / "index"
        for what, place in places.items():
            place.mkdir(exist_ok=True)
            if mounted(place, DISK):
                stack.callback(unmount, place)
                self.disks[what] = place

    def _wait_for_roles(self) -> None:
        for role in self.roles:
            wait_until(role.has_come_back, f"{role.name} does not start: {role.log()[-2000:].decode()}", 180)

    def _act(self) -> None:
        """Everything at once, until the faults are over and all letters were taken in."""
        over, given_up = threading.Event(), threading.Event()
        random = Random(self.wanted.seed)
        faults = (
            ProcessFaults(Random(random.random()), self.ledger, self.figures, self.web, self.workers),
            ServerFaults(
                Random(random.random()),
                self.ledger,
                self.figures,
                self.pair,
                self.nodes,
                self.disks,
                self.web,
            ),
        )
        readers = [self._reader(number, Random(random.random())) for number in range(self.wanted.readers)]
        editors = [self._editor(number, Random(random.random())) for number in range(len(self.web))]
        importing = [self._thread(each.run, given_up) for each in self._importers()]
        others = [self._thread(each.run, over) for each in faults]
        reading = [self._thread(self._repeated(step), given_up) for step in (*readers, *editors)]
        for thread in (*importing, *others, *reading):
            thread.start()
        try:
            over.wait(self.wanted.seconds)
            over.set()
            for thread in others:
                thread.join()
            deadline = time.monotonic() + SECONDS_TO_IMPORT
            for thread in importing:
                thread.join(max(0.0, deadline - time.monotonic()))
        finally:
            over.set()
            given_up.set()
            for thread in (*importing, *others, *reading):
                thread.join()

    def _importers(self) -> list[Importer]:
        """Each machine is given an equal share of the batches, one after the other."""
        size, random = -(-self.wanted.letters // BATCHES), Random(self.wanted.seed)
        firsts = range(0, self.wanted.letters, size)
        begin = 1000 * random.randrange(1000)
        batches = [(min(size, self.wanted.letters - first), begin + first) for first in firsts]
        kinds: list[tuple[type[Importer], Machine]] = [
            (TypedImporter, self.workers[0]),
            (UploadingImporter, self.web[0]),
            (TypedImporter, self.workers[1]),
            (UploadingImporter, self.web[1]),
        ]
        return [
            kind(machine, self.ledger, self.figures, batches[place :: len(kinds)], self.wanted.seed)
            for place, (kind, machine) in enumerate(kinds)
        ]

    def _reader(self, number: int, random: Random) -> Callable[[], None]:
        machine = self.web[number % len(self.web)]
        visitor = Visitor(machine, machine.ledger, random)

        def read() -> None:
            visitor.step()
            time.sleep(2 * random.random())

        return read

    def _editor(self, number: int, random: Random) -> Callable[[], None]:
        """The two never correct the same letter."""
        machine = self.web[number]
        keys = _KEYS_OF.format(len(self.web), number)
        editor = Editor(machine, machine.ledger, random, self.ledger, keys)

        def correct() -> None:
            editor.step()
            time.sleep(random.random())

        return correct

    def _thread(self, run: Callable[[threading.Event], None], end: threading.Event) -> threading.Thread:
        def guarded() -> None:
            try:
                run(end)
            except Exception:  # noqa: BLE001 - reported as a fault
                self.ledger.fault(traceback.format_exc())

        return threading.Thread(target=guarded)

    def _repeated(self, step: Callable[[], None]) -> Callable[[threading.Event], None]:
        def run(end: threading.Event) -> None:
            while not end.is_set():
                step()

        return run

    def _stop_roles(self) -> None:
        for role in self.roles:
            if not role.pid:
                continue
            with self.figures.timed(f"{role.command} ended by SIGTERM"):
                status = role.stop()
            if status != 0:
                self.ledger.fault(f"{role.name} ended with {status} when it was asked to")
        for role in self.roles:
            for said in role.ended_by_itself:
                # One line says that it found no database, and then it is started again.
                if "does not respond" in said and "Traceback" not in said:
                    self.ledger.did("roles that found no database when they started")
                else:
                    self.ledger.fault(f"{role.name} ended by itself: {said[-1500:]}")


def main() -> int:
    if reason := unavailable():
        print(f"The campaign needs PostgreSQL: {reason}.")  # noqa: T201
        return 1
    if os.geteuid() == 0:
        print("The campaign does not run as root, as PostgreSQL does not: see tests/campaign/run")  # noqa: T201
        return 1
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # everything ends with this
    wanted = Wanted.of_environment()
    kept = os.environ.get("CAMPAIGN_FOLDER")
    with ExitStack() as stack:
        temporary = kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="imr-campaign-"))
        folder = Path(temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        campaign = Campaign(folder, wanted)
        begun = time.monotonic()
        try:
            campaign.run()
        except Exception:  # noqa: BLE001 - reported as a fault
            campaign.ledger.fault(traceback.format_exc())
        for process in processes_left(campaign.mark, campaign.pair.folders):
            campaign.ledger.fault(f"process {process} was left running")
            os.kill(process, signal.SIGKILL)
        report(campaign, time.monotonic() - begun)
    return 1 if all_faults(campaign) else 0


def all_faults(campaign: Campaign) -> list[str]:
    of_pages = [f"{machine.name}: {fault}" for machine in campaign.web for fault in machine.ledger.faults]
    unexpected = [
        f"{machine.name}: {number} answers {status}"
        for machine in campaign.web
        for status, number in machine.ledger.answers.items()
        if status not in EXPECTED
    ]
    return [*campaign.ledger.faults, *of_pages, *unexpected]


def report(campaign: Campaign, seconds: float) -> None:
    wanted, ledger = campaign.wanted, campaign.ledger
    ledgers = [ledger, *(machine.ledger for machine in campaign.web)]
    console = Console()
    title = f"Search by {wanted.search}, seed {wanted.seed}, {wanted.readers} readers, {seconds:,.0f} seconds"
    table = Table("What", "Number", title=title, title_justify="left")
    table.add_row("letters acknowledged", f"{len(ledger.letters):,}")
    answers: Counter[int] = sum((each.answers for each in ledgers), Counter())
    table.add_row("requests answered", f"{answers.total():,}")
    for status, number in sorted(answers.items()):
        table.add_row(f"answers {status}", f"{number:,}")
    table.add_row("slowest answer, seconds", f"{max(each.slowest for each in ledgers):.1f}")
    done: Counter[str] = sum((each.done for each in ledgers), Counter())
    for what, number in sorted(done.items()):
        table.add_row(what, f"{number:,}")
    for what, took in campaign.figures.rows():
        table.add_row(what, took)
    if not campaign.disks:
        table.add_row("no disk was filled", "this system lets the campaign mount none")
    faults = all_faults(campaign)
    table.add_row("faults", f"{len(faults):,}")
    console.print(table)
    for fault in faults[:20]:
        console.print(fault, markup=False)
    if not faults:
        console.print("Nothing lost, nothing twice, and no answer of 5xx but the announced 503.")


if __name__ == "__main__":
    sys.exit(main())
