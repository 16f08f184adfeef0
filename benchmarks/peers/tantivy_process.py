"""The Rust program in `tantivy_collector/`: compiled where there is cargo, and asked by lines of JSON."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.questions import NotSupportedError, Page, Question
from determinations.search.index_fields import words_field
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    All,
    AnyOf,
    Fuzzy,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)  # fmt: skip
from determinations.statistics.rates import DECIDED, OVERTURNED

_SOURCES = Path(__file__).parent / "tantivy_collector"
_PROGRAM = _SOURCES / "target" / "release" / "tantivy-collector"


def compiled() -> Path | None:
    """The program, unless its sources have changed since, or it was never compiled."""
    sources = [_SOURCES / "Cargo.toml", *(_SOURCES / "src").glob("*.rs")]
    try:
        made = _PROGRAM.stat().st_mtime
    except FileNotFoundError:
        return None
    return _PROGRAM if all(source.stat().st_mtime <= made for source in sources) else None


def compile_if_possible() -> None:
    """Some minutes, the first time. Does nothing without cargo; raises CalledProcessError if it fails."""
    cargo = shutil.which("cargo", path=f"{os.environ.get('PATH', '')}:{Path.home() / '.cargo' / 'bin'}")
    if cargo is None or compiled() is not None:
        return
    print("compiling tantivy_collector ...", flush=True)
    flags = {**os.environ, "RUSTFLAGS": "-C target-cpu=native"}
    subprocess.run([cargo, "build", "--release", "--quiet"], cwd=_SOURCES, env=flags, check=True)
    _PROGRAM.touch()


def merge(program: Path, folder: Path) -> None:
    """Make one segment of all, as one does for an index that nobody writes to any more."""
    subprocess.run([program, "merge", folder], check=True)


@contextmanager
def collector(program: Path, folder: Path) -> Iterator["Collector"]:
    """The program on the index in `folder`, for as long as it is asked."""
    with subprocess.Popen(
        [program, "answer", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        yield Collector(running)
        assert running.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
        running.stdin.close()


class Collector:
    def __init__(self, running: "subprocess.Popen[str]") -> None:
        self._running = running
        self._answer()  # it is ready

    def page(self, question: Question) -> Page:
        node = question.node
        asked = {
            "query": None if node is None else _written(node),
            "filters": [[given.facet, given.values] for given in question.filters],
            "decided": DECIDED,
            "overturned": OVERTURNED,
        }
        assert self._running.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
        print(json.dumps(asked), file=self._running.stdin, flush=True)
        found = self._answer()
        return Page(
            found["total"],
            tuple(found["keys"]),
            found["counts"],
            {
                facet: {value: (overturned, decided) for value, (overturned, decided) in rates.items()}
                for facet, rates in found["outcomes"].items()
            },
            sum(bool(text) for of_hit in found["passages"] for text in of_hit),
        )

    def _answer(self) -> Any:
        assert self._running.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        line = self._running.stdout.readline()
        if not line:
            raise RuntimeError("tantivy-collector stopped with an error")
        return json.loads(line)


def _written(node: Node) -> dict[str, Any]:
    """The node as the program reads it. Raises NotSupportedError."""
    match node:
        case Word(text, field):
            return {"words": text, "fields": _fields(field)}
        case Near(parts, distance) if distance and all(isinstance(part, Word) for part in parts):
            words = tuple(part.text for part in parts if isinstance(part, Word))
            return _written(Phrase(words, distance, node.field))
        case Phrase(words, slop, field):  # tantivy's slop counts moved words: nearly the same
            return {"words": " ".join(words), "slop": slop - 1, "fields": _fields(field)}
        case Wildcard(pattern, field) if pattern[-1] == "*" and pattern[:-1].isalnum():
            return {"prefix": pattern[:-1].lower(), "fields": list(map(words_field, _fields(field)))}
        case Fuzzy(text, distance, field) if text.isalnum():
            fields = list(map(words_field, _fields(field)))
            return {"fuzzy": text.lower(), "distance": distance, "fields": fields}
        case AnyOf(parts):
            return {"any": [_written(part) for part in parts]}
        case All(parts):
            return {"all": [_written(part) for part in parts]}
        case Not(part):
            return {"not": _written(part)}
    raise NotSupportedError(f"not written for tantivy: {node}")


def _fields(field: str | None) -> list[str]:
    return list(SEARCHED_FIELDS) if field is None else [field]
