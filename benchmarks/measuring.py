"""One peer in a process of its own, which builds its index or answers questions and says how long it took."""

import gc
import json
import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from benchmarks.corpus import Corpus
from benchmarks.memory import Resident, resident, watched
from benchmarks.peers import Peer, peer
from benchmarks.processor import processor_time
from benchmarks.questions import NotSupportedError, Page, Question

_SPAWN = multiprocessing.get_context("spawn")
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Build:
    """`cpu_seconds` and `peak_bytes` are of all processes together; the latter is memory that no file backs,
    None where it is not known.
    """

    items: int
    processes: int
    seconds: float
    cpu_seconds: float
    index_bytes: int
    peak_bytes: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: by the clock, and of the processor in all processes of the peer."""

    seconds: float
    processor_seconds: float


class PeerFailedError(Exception):
    """The peer's process stopped with an error, which it has printed."""


def folder_of(name: str, corpus: Corpus, processes: int = 1) -> Path:
    return corpus.folder / f"{name}-{processes}"


def build(name: str, corpus: Corpus, processes: int = 1) -> Build:
    """Index the corpus anew, in a process of its own."""
    folder = folder_of(name, corpus, processes)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "index").mkdir(parents=True)
    here, there = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_build, args=(there, name, corpus, folder / "index", processes))
    process.start()
    there.close()
    assert process.pid is not None  # noqa: S101 - for the type checker: it has been started
    with watched(process.pid) as peak:
        seconds, cpu_seconds = _received(here, name)
    process.join()
    size = sum(path.stat().st_blocks * 512 for path in (folder / "index").rglob("*") if path.is_file())
    built = Build(corpus.items, processes, seconds, cpu_seconds, size, peak.anonymous)
    (folder / "build.json").write_text(json.dumps(asdict(built)))
    return built


def built(name: str, corpus: Corpus, processes: int = 1) -> Build:
    """What an earlier `build` has left, or a new one."""
    try:
        text = (folder_of(name, corpus, processes) / "build.json").read_text()
    except FileNotFoundError:
        return build(name, corpus, processes)
    return Build(**json.loads(text))


def _build(connection: Connection, name: str, corpus: Corpus, folder: Path, processes: int) -> None:
    asked = peer(name)
    start = time.perf_counter()
    asked.build(corpus, folder, processes)
    seconds = time.perf_counter() - start
    usage = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    connection.send((seconds, sum(one.ru_utime + one.ru_stime for one in usage)))


class PeerProcess:
    """Answers questions. Use as a context manager; one call at a time."""

    def __init__(self, name: str, corpus: Corpus) -> None:
        self._name = name
        self._connection, there = _SPAWN.Pipe()
        folder = folder_of(name, corpus) / "index"
        self._process = _SPAWN.Process(target=_serve, args=(there, name, corpus, folder))
        self._process.start()
        there.close()

    def __enter__(self) -> "PeerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.join()

    def first_touch(self, question: Question) -> float | None:
        """Seconds for the first page of a process that has just opened the index; None: cannot answer."""
        return cast("float | None", self._ask("first", question))

    def open(self) -> float:
        """Open the index, to be asked again and again; seconds that it took."""
        return cast("float", self._ask("open"))

    def page(self, question: Question) -> tuple[Cost, Page] | None:
        """The page of the opened index, and what it cost; None: cannot answer."""
        return cast("tuple[Cost, Page] | None", self._ask("page", question))

    def memory(self) -> Resident | None:
        return cast("Resident | None", self._ask("memory"))

    def _ask(self, *message: object) -> Any:
        self._connection.send(message)
        return _received(self._connection, self._name)


def _received(connection: Connection, name: str) -> Any:
    try:
        return connection.recv()
    except EOFError:
        raise PeerFailedError(f"{name} stopped with an error") from None


def _serve(connection: Connection, name: str, corpus: Corpus, folder: Path) -> None:
    asked = peer(name)
    with ExitStack() as stack:
        server = _Server(asked, corpus, folder, stack)
        while True:
            try:
                method, *arguments = connection.recv()
            except EOFError:
                return
            connection.send(getattr(server, method)(*arguments))


class _Server:
    def __init__(self, asked: Peer, corpus: Corpus, folder: Path, stack: ExitStack) -> None:
        self._peer, self._corpus, self._folder, self._stack = asked, corpus, folder, stack
        self._ask: Callable[[Question], Page]
        Question("", "physical therapy").read()  # loads related words, which belong to no engine

    def first(self, question: Question) -> float | None:
        here, there = _FORK.Pipe()
        child = _FORK.Process(target=self._first, args=(there, question))
        child.start()
        there.close()
        seconds: float | None = _received(here, self._peer.label())
        child.join()
        return seconds

    def _first(self, connection: Connection, question: Question) -> None:
        gc.collect()  # copies the memory that is still shared with the parent: a fresh process shares none
        with self._peer.opened(self._corpus, self._folder) as ask:
            start = time.perf_counter()
            try:
                ask(question)
                connection.send(time.perf_counter() - start)
            except NotSupportedError:
                connection.send(None)

    def open(self) -> float:
        start = time.perf_counter()
        self._ask = self._stack.enter_context(self._peer.opened(self._corpus, self._folder))
        return time.perf_counter() - start

    def page(self, question: Question) -> tuple[Cost, Page] | None:
        try:
            with processor_time() as used:
                start = time.perf_counter()
                page = self._ask(question)
                seconds = time.perf_counter() - start
        except NotSupportedError:
            return None
        return Cost(seconds, used.seconds), page

    def memory(self) -> Resident | None:
        return resident(multiprocessing.current_process().pid or 0)
