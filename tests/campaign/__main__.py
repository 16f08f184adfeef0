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
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.peers.postgresql_server import unavailable
from tests.campaign.aftermath import processes_left
from tests.campaign.campaign import Campaign, Wanted


def wanted_by_environment() -> Wanted:
    usual = Wanted()
    search = os.environ.get("CAMPAIGN_SEARCH") or usual.search
    if search not in ("files", "opensearch"):
        sys.exit(f"CAMPAIGN_SEARCH is “{search}”. Set it to files or opensearch.")
    return Wanted(
        search,
        letters=int(os.environ.get("CAMPAIGN_LETTERS") or usual.letters),
        readers=int(os.environ.get("CAMPAIGN_READERS") or usual.readers),
        seconds=float(os.environ.get("CAMPAIGN_SECONDS") or usual.seconds),
        seed=int(os.environ.get("CAMPAIGN_SEED") or usual.seed),
    )


def main() -> int:
    if reason := unavailable():
        print(f"The campaign needs PostgreSQL: {reason}.")  # noqa: T201
        return 1
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # everything ends with this
    wanted = wanted_by_environment()
    kept = os.environ.get("CAMPAIGN_FOLDER")
    with ExitStack() as stack:
        temporary = kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="imr-campaign-"))
        folder = Path(temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the database's user has to reach its clusters
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
    return 1 if campaign.faults else 0


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
    faults = campaign.faults
    table.add_row("faults", f"{len(faults):,}")
    console.print(table)
    for fault in faults[:20]:
        console.print(fault, markup=False)
    if not faults:
        console.print("Nothing lost, nothing twice, and no answer of 5xx but the announced 503.")


if __name__ == "__main__":
    sys.exit(main())
