"""The engines that are measured, each a module with the same functions, described by `Peer`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from benchmarks.corpus import Corpus
from benchmarks.questions import Page, Question

OURS = "columnar"
NAMES = (OURS, "whoosh_documented", "sqlite_fts5", "tantivy_rust", "postgresql")

Ask = Callable[[Question], Page]
"""One whole page of work. Raises NotSupportedError for a kind of question that the peer cannot answer."""


class Peer(Protocol):
    """What each module of this package offers."""

    def label(self) -> str:
        """What tables call it: the engine, and how it is set up here where that can differ."""

    def unavailable(self) -> str | None:
        """Why this peer cannot be measured here, or None."""

    def prepare(self) -> None:
        """What is needed once, before anything is measured."""

    def build(self, corpus: Corpus, folder: Path, processes: int) -> None:
        """Index the corpus in `folder`, which exists and is empty."""

    def opened(self, corpus: Corpus, folder: Path) -> AbstractContextManager[Ask]:
        """What `build` has left in `folder`, ready to be asked."""


def peer(name: str) -> Peer:
    return cast("Peer", import_module(f"{__name__}.{name}"))
