"""What serves: the state of an index, and searches that say on which state they were run.

    <prefix>-items     alias of the index of items that serves
    <prefix>-words     alias of the index of its words
    <prefix>-control   two documents: the state, and the writer's lease

The state is written when all that it speaks of can be searched. While a change is being made it says so.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from determinations.search.index_errors import (
    REBUILD,
    IndexDamagedError,
    IndexVersionError,
    OlderAnalysisError,
)
from determinations.search.interface import IndexMissingError, QuerySyntaxError
from determinations.search.opensearch.connection import WORK_SECONDS, Body, Cluster, RefusedError, checked
from determinations.search.opensearch.mapping import SCHEMA_VERSION

_STATE = "state"
_TOO_MANY = ("too many terms", "too_many", "maxClauseCount")


@dataclass(frozen=True, slots=True)
class State:
    """`items` and `words` are the indices that serve. `is_changing`: a change was begun and is not done.

    `log_position` is how far in the log of changes the index goes.
    """

    items: str
    words: str
    generation: int
    commit: str
    documents: int
    schema_version: str = SCHEMA_VERSION
    is_changing: bool = False
    log_position: str = ""

    @property
    def commit_shown(self) -> str:
        """The commit; while it is being changed, one that equals no other."""
        return f"{self.commit}-{secrets.token_hex(8)}" if self.is_changing else self.commit

    def require_present_version(self) -> None:
        """Raises OlderAnalysisError: such an index answers until it is built anew, and cannot be added to."""
        if self.schema_version != SCHEMA_VERSION:
            raise OlderAnalysisError(self.schema_version, SCHEMA_VERSION)

    def following(self, documents: int) -> "State":
        """The state after a change."""
        return replace(
            self,
            generation=self.generation + 1,
            commit=secrets.token_hex(16),
            documents=documents,
            is_changing=False,
        )


@dataclass(frozen=True, slots=True)
class Names:
    prefix: str

    @property
    def items(self) -> str:
        return f"{self.prefix}-items"

    @property
    def words(self) -> str:
        return f"{self.prefix}-words"

    @property
    def control(self) -> str:
        return f"{self.prefix}-control"


class Index:
    """The index of a prefix on a cluster."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        self.cluster = cluster
        self.names = Names(prefix)

    def ask(self, several: Sequence[tuple[str, Body]] = (), seconds: float = 0.0) -> tuple[State, list[Body]]:
        """The answers to several searches, in one round trip with the state.

        Raises SearchUnavailableError, or QuerySyntaxError for a question that the server finds too wide.
        """
        query = {"query": {"ids": {"values": [_STATE]}}, "size": 1}
        first, *answers = self.cluster.searches([(self.names.control, query), *several], seconds)
        try:
            hits = checked(first)["hits"]["hits"]
        except RefusedError as error:
            raise self._missing() if error.kind == "index_not_found_exception" else error from None
        if not hits:
            raise self._missing()
        state = self._read(hits[0].get("_source"))
        return state, [_found(answer) for answer in answers]

    def state(self, seconds: float = 0.0) -> State:
        return self.ask(seconds=seconds)[0]

    def write_state(self, state: State) -> None:
        path = f"/{self.names.control}/_doc/{_STATE}?refresh=true"
        self.cluster.call("PUT", path, asdict(state), WORK_SECONDS)

    def _read(self, source: object) -> State:
        if not isinstance(source, dict):
            raise IndexDamagedError(f"{self.names.control} has no state")
        version = source.get("schema_version")
        if isinstance(version, str) and _layout(version) != _layout(SCHEMA_VERSION):
            raise IndexVersionError(version, SCHEMA_VERSION)
        try:
            state = State(**source)
        except TypeError:
            raise IndexDamagedError(f"{self.names.control} has a state of another form") from None
        if not isinstance(state.commit, str) or not isinstance(state.generation, int):
            raise IndexDamagedError(f"{self.names.control} has a state of another form")
        return state

    def _missing(self) -> IndexMissingError:
        missing = IndexMissingError(f"There is no search index. {REBUILD}")
        missing.add_note(f"The index belongs in {self.names.control}")
        return missing


def _layout(version: str) -> str:
    """The part of a version that another one cannot be read by."""
    return version.partition(".")[0]


def _found(answer: Body) -> Body:
    try:
        return checked(answer)
    except RefusedError as error:
        if error.kind == "index_not_found_exception":
            raise IndexDamagedError(error.reason) from None
        if any(sign in f"{error.kind} {error.reason}" for sign in _TOO_MANY):
            raise QuerySyntaxError(
                "These patterns stand for too many words to be searched together. "
                "Write more of their letters."
            ) from None
        raise
