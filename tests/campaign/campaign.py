"""One campaign: machines are started, everything happens at once, and what is left is compared."""

import secrets
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.campaign.aftermath import check, finish
from tests.campaign.faults import ProcessFaults, ServerFaults
from tests.campaign.figures import Figures
from tests.campaign.importers import Importer, TypedImporter, UploadingImporter
from tests.campaign.machines import MARK, Keeper, Machine
from tests.campaign.postgresql_pair import PostgresqlPair
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
    """`search`: "files" for an index on each web machine, or "opensearch" for a shared one."""

    search: str = "files"
    letters: int = 5000
    readers: int = 32
    seconds: float = 200
    seed: int = 1


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

    @property
    def faults(self) -> list[str]:
        """What must not have happened, in words."""
        of_pages = [f"{machine.name}: {fault}" for machine in self.web for fault in machine.ledger.faults]
        unexpected = [
            f"{machine.name}: {number} answers {status}"
            for machine in self.web
            for status, number in machine.ledger.answers.items()
            if status not in EXPECTED
        ]
        return [*self.ledger.faults, *of_pages, *unexpected]

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
            role.wait_until_back()

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
