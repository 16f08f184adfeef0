"""What has to hold after a campaign: nothing lost, nothing twice, indexes in step, nothing left running."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.campaign.machines import MARK, Machine
from tests.campaign.postgresql_pair import PostgresqlPair, wait_until
from tests.importing.sites import CHANGES_WAITING, PROC
from tests.soak.ledger import Ledger
from tests.soak.operators import manage

SECONDS_TO_FINISH = 600.0
UNFINISHED = (
    "SELECT (SELECT count(*) FROM determinations_importbatch WHERE state = 'running')"  # noqa: S608
    f" + ({CHANGES_WAITING})"
)
_LEASES = "SELECT name, machine FROM determinations_lease WHERE owner <> '' AND expires_at > now()"
_LETTERS = "SELECT content_hash, id, clinical_summary FROM determinations_determination"
_SECONDS_OF_A_LEASE = 45.0


def finish(pair: PostgresqlPair) -> None:
    """Wait until every import is done and every index has come to the last change. Raises RuntimeError."""
    wait_until(
        lambda: pair.rows(UNFINISHED) == [(0,)], "imports or indexes did not finish", SECONDS_TO_FINISH
    )


def check(pair: PostgresqlPair, web: list[Machine], letters: Path, ledger: Ledger) -> None:
    """Compare what is there with what was acknowledged. The roles have ended."""
    rows = pair.primary.ask(_LETTERS)
    stored = Counter(str(row[0]) for row in rows)
    for lost in ledger.missing(list(stored), {int(key): str(text) for _, key, text in rows}):
        ledger.fault(lost)
    for twice in sorted(one for one, times in stored.items() if times > 1):
        ledger.fault(f"the letter {twice} is stored {stored[twice]} times")
    for other in sorted(stored.keys() - ledger.letters):
        ledger.fault(f"the letter {other} was never brought")
    for problem in _originals(letters, stored):
        ledger.fault(problem)
    for state, number in pair.primary.ask(
        "SELECT result, count(*) FROM determinations_importfile "
        "WHERE result NOT IN ('new', 'already_there', 'unpacked') GROUP BY result"
    ):
        ledger.fault(f"{number} files have the result “{state}”")
    for machine in web:
        for command in ("check_index", "check_originals"):
            status, said = manage(machine, command)
            if status:
                ledger.fault(f"{command} on {machine.name} ended with {status}: {said[-1000:]}")
    try:
        wait_until(lambda: not pair.primary.ask(_LEASES), "", _SECONDS_OF_A_LEASE)
    except RuntimeError:
        ledger.fault(f"leases are not free: {pair.primary.ask(_LEASES)}")


def _originals(letters: Path, stored: Counter[str]) -> Iterator[str]:
    """The site's own check reads what it knows of; this one looks by itself."""
    for one in sorted(stored):
        path = letters / one[:2] / one
        if not path.exists():
            yield f"the original {one} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != one:
            yield f"the original {one} has other bytes"


def processes_left(mark: str, clusters: list[Path]) -> list[int]:
    """Those that bear the mark of this campaign, and PostgreSQL's, which are in their data directory."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):
            marked = f"{MARK}={mark}".encode() in (entry / "environ").read_bytes()
            if (marked or (entry / "cwd").resolve() in clusters) and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return sorted(found)
