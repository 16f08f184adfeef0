"""What happens to the machines, at random: each kind comes up before any comes up again.

Faults of the site's processes and faults of what it depends on go on side by side, so that a worker may be
killed while the database is away.
"""

import os
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

from tests.campaign.dropping_proxy import DroppingProxy
from tests.campaign.figures import Figures
from tests.campaign.machines import Machine, Role
from tests.campaign.postgresql_pair import PostgresqlPair, wait_until
from tests.campaign.search_nodes import NODES, SearchNodes
from tests.campaign.small_disk import filled
from tests.importing.sites import children_of
from tests.soak.ledger import Ledger

LONGER_THAN_A_LEASE = 40.0

Fault = Callable[[], None]


class Faults(ABC):
    """Draws one fault after another, with pauses between them."""

    def __init__(self, random: Random, ledger: Ledger, figures: Figures) -> None:
        self.random, self.ledger, self.figures = random, ledger, figures
        self._waiting: list[Fault] = []

    @abstractmethod
    def kinds(self) -> Sequence[Fault]: ...

    def run(self, over: threading.Event) -> None:
        while not over.wait(2 + 4 * self.random.random()):
            if not self._waiting:
                self._waiting = self.random.sample(list(self.kinds()), len(self.kinds()))
            self._waiting.pop()()


class ProcessFaults(Faults):
    """Kills of the processes of the web machines and of the workers' machines."""

    def __init__(
        self, random: Random, ledger: Ledger, figures: Figures, web: list[Machine], workers: list[Machine]
    ) -> None:
        super().__init__(random, ledger, figures)
        self._web, self._workers = web, workers

    def kinds(self) -> Sequence[Fault]:
        return (
            self.kill_web_process,
            self.kill_web,
            self.kill_worker,
            self.kill_worker_alone,
            self.kill_reader_of_letters,
            self.kill_follower,
            self.stop_worker_for_longer_than_its_lease,
        )

    def kill_web_process(self) -> None:
        """One of gunicorn's; it starts another."""
        machine = self.random.choice(self._web)
        if processes := children_of(machine.roles["web"].pid):
            machine.ledger.killed("a web process")
            _kill(self.random.choice(processes))

    def kill_web(self) -> None:
        machine = self.random.choice(self._web)
        machine.ledger.went_down()
        machine.ledger.killed("a web machine's processes")
        machine.roles["web"].kill()
        machine.roles["web"].wait_until_back()
        machine.ledger.came_back()

    def kill_worker(self) -> None:
        self._kill_role(self.random.choice(self._workers).roles["worker"], "a worker with its readers")

    def kill_worker_alone(self) -> None:
        """Its readers are left, and have to end by themselves."""
        role = self.random.choice(self._workers).roles["worker"]
        self.ledger.killed("a worker alone")
        role.kill_alone()
        role.wait_until_back()

    def kill_reader_of_letters(self) -> None:
        worker = self.random.choice(self._workers).roles["worker"].pid
        if readers := children_of(worker) if worker else []:
            self.ledger.killed("a reader of letters")
            _kill(self.random.choice(readers))

    def kill_follower(self) -> None:
        self._kill_role(self.random.choice(self._web).roles["follow"], "a follower")

    def stop_worker_for_longer_than_its_lease(self) -> None:
        """Another worker takes its imports over; then it wakes up in the middle of what it was doing."""
        worker = self.random.choice(self._workers).roles["worker"].pid
        if not worker:
            return
        self.ledger.did("a worker stopped for 40 seconds (SIGSTOP)")
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGSTOP)
            try:
                time.sleep(LONGER_THAN_A_LEASE)
            finally:
                os.kill(worker, signal.SIGCONT)

    def _kill_role(self, role: Role, what: str) -> None:
        self.ledger.killed(what)
        role.kill()
        role.wait_until_back()


class ServerFaults(Faults):
    """Loss of the primary, of a search node, of connections and of room on disks."""

    def __init__(
        self,
        random: Random,
        ledger: Ledger,
        figures: Figures,
        pair: PostgresqlPair,
        nodes: SearchNodes | None,
        disks: dict[str, Path],
        web: list[Machine],
    ) -> None:
        super().__init__(random, ledger, figures)
        self._pair, self._nodes, self._disks, self._web = pair, nodes, disks, web

    def kinds(self) -> Sequence[Fault]:
        kinds: list[Fault] = [
            self.lose_primary,
            self.restart_standby,
            self.cut_database,
            self.stall_database,
        ]
        kinds += [self._filling(what, place) for what, place in self._disks.items()]
        if self._nodes is not None:
            kinds += [self.kill_search_node, self.cut_search, self.stall_search]
        return kinds

    def lose_primary(self) -> None:
        """The primary stops at once, and the standby takes over; the old one is then its standby."""
        pair = self._pair
        self.ledger.did("the primary lost (stop -m immediate), the standby promoted")
        pair.primary.stop_immediately()
        lost = time.monotonic()
        time.sleep(3 * self.random.random())
        with self.figures.timed("standby: from the order to its first write"):
            pair.promote_standby()
        # One of them may be starting again after a kill; the proxy in front of them asks the other.
        wait_until(lambda: any(machine.is_ready() for machine in self._web), "no page finds the new primary")
        self.figures.took("a web machine ready after the primary was lost", time.monotonic() - lost)
        with self.figures.timed("old primary copied anew and in step as standby"):
            pair.join_standby()

    def restart_standby(self) -> None:
        """Commits wait for it meanwhile."""
        self.ledger.did("the standby stopped at once and started again")
        self._pair.standby.stop_immediately()
        time.sleep(1 + 3 * self.random.random())
        self._pair.start_standby()
        self._pair.wait_for_standby()

    def cut_database(self) -> None:
        self.ledger.did("connections to the database cut")
        self._pair.primary.proxy.cut()

    def stall_database(self) -> None:
        self.ledger.did("connections to the database stalled, some then cut")
        self._stall([self._pair.primary.proxy])

    def kill_search_node(self) -> None:
        assert self._nodes is not None
        number = 1 + self.random.randrange(NODES)
        self.ledger.killed("a search node")
        with self.figures.timed("search node: from kill -9 until every shard has its replica again"):
            self._nodes.kill_one(number)
            time.sleep(2)
            self._nodes.start_one(number)
            self._nodes.wait_until_whole()

    def cut_search(self) -> None:
        assert self._nodes is not None
        self.ledger.did("connections to search cut")
        for proxy in self._nodes.proxies:
            proxy.cut()

    def stall_search(self) -> None:
        """Of one node, or of all."""
        assert self._nodes is not None
        self.ledger.did("connections to search stalled, some then cut")
        self._stall(self.random.sample(self._nodes.proxies, self.random.choice([1, NODES])))

    def _stall(self, proxies: list[DroppingProxy]) -> None:
        with ExitStack() as stack:
            for proxy in proxies:
                stack.enter_context(proxy.stalled())
            time.sleep(2 + 10 * self.random.random())
            if self.random.random() < 0.5:
                for proxy in proxies:
                    proxy.cut()

    def _filling(self, what: str, place: Path) -> Fault:
        def fill() -> None:
            self.ledger.did(f"the disk of {what} full")
            with filled(place):
                time.sleep(3 + 7 * self.random.random())

        return fill


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
