"""The tables of phrases and paragraphs that several tests read."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def shared(*names: str) -> Path:
    """A file or folder of the folder `shared` that lies beside the repository, there or not."""
    beside = [parent / "shared" for parent in HERE.parents]
    return next((path for path in beside if path.is_dir()), beside[2]).joinpath(*names)


@dataclass(frozen=True)
class RequestPhrase:
    request: str
    services: tuple[str, ...]
    levels: tuple[str, ...]
    side: str | None

    def __str__(self) -> str:
        return self.request[:70]


@cache
def request_phrases() -> tuple[RequestPhrase, ...]:
    rows = tomllib.loads((HERE / "request_phrases.toml").read_text("utf-8"))["phrases"]
    return tuple(
        RequestPhrase(row["request"], tuple(row["services"]), tuple(row.get("levels", ())), row.get("side"))
        for row in rows
    )


@cache
def guideline_paragraphs() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((HERE / "guideline_paragraphs.toml").read_text("utf-8"))["paragraph"])


@cache
def rationale_levels() -> tuple[tuple[str, str, str], ...]:
    """Request, a sentence of its rationale, and the levels that it states of the request."""
    rows = tomllib.loads((HERE / "rationale_levels.toml").read_text("utf-8"))["rationale"]
    return tuple((row["request"], sentence, levels) for row in rows for sentence, levels in row["says"])
