"""`make soak`: imports, kills, corrections, backups, slow clients and damage at once; then what is left.

SOAK_SECONDS is how long (1,800 by default), SOAK_SEED draws other sizes and moments. Everything stays in a
temporary folder and on 127.0.0.1, and only processes that it started are ended. Exit status 1 if anything is
lost, or if any answer was a 5xx that is not announced.
"""

import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol

from rich.console import Console
from rich.table import Table

from tests.importing.sites import CHANGES_WAITING, Site
from tests.soak.ledger import Ledger
from tests.soak.operators import BackupMaker, Importer, IndexDamager, Killer, manage
from tests.soak.served_site import ServedSite
from tests.soak.visitors import EDITOR, PASSWORD, Editor, SlowClients, Visitor

ACTORS: tuple[type[Importer | Editor | Visitor | SlowClients | BackupMaker | IndexDamager | Killer], ...] = (
    Importer,
    Editor,
    Visitor,
    Visitor,
    SlowClients,
    BackupMaker,
    IndexDamager,
    Killer,
)
SECONDS_TO_FINISH = 900.0
_WAITING = (
    "SELECT (SELECT count(*) FROM determinations_importbatch WHERE state = 'running')"  # noqa: S608
    f" + ({CHANGES_WAITING})"
)
_ACCOUNT = (
    "from django.contrib.auth.models import User; "
    f"User.objects.create_superuser({EDITOR!r}, password={PASSWORD!r})"
)


class Actor(Protocol):
    def step(self) -> None: ...


def main() -> int:
    seconds, seed = float(os.environ.get("SOAK_SECONDS") or 1800), int(os.environ.get("SOAK_SEED") or 1)
    with tempfile.TemporaryDirectory(prefix="imr-soak-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        served, ledger = ServedSite(data), Ledger()
        try:
            soak(served, ledger, seconds, seed)
            finish(served)
            served.stop()
            check(served, ledger, Path(folder))
        except Exception:  # noqa: BLE001 - reported as a fault
            ledger.fault(traceback.format_exc())
        finally:
            served.kill_everything()
        report(served, ledger, seconds)
    return 1 if ledger.faults else 0


def soak(served: ServedSite, ledger: Ledger, seconds: float, seed: int) -> None:
    """Everything at once, until the time is over and every actor has finished what it was doing."""
    for command in (("migrate", "--verbosity", "0"), ("shell", "-c", _ACCOUNT)):
        status, said = manage(served, *command)
        if status:
            raise RuntimeError(said)
    served.start()
    if not served.answers():
        raise RuntimeError(f"The site does not answer: {served.log()[-2000:]}")
    over = threading.Event()
    actors: list[Actor] = [kind(served, ledger, Random(seed + number)) for number, kind in enumerate(ACTORS)]
    threads = [threading.Thread(target=_acting(actor, ledger, over)) for actor in actors]
    for thread in threads:
        thread.start()
    try:
        over.wait(seconds)
    finally:  # Ctrl-C as well: nobody must start the site again
        over.set()
        for thread in threads:
            thread.join()
    for actor in actors:
        if isinstance(actor, SlowClients):
            actor.close()


def _acting(actor: Actor, ledger: Ledger, over: threading.Event) -> Callable[[], None]:
    def act() -> None:
        while not over.is_set():
            try:
                actor.step()
            except Exception:  # noqa: BLE001 - reported as a fault
                ledger.fault(f"{type(actor).__name__}: {traceback.format_exc()}")
                time.sleep(1)

    return act


def finish(served: ServedSite) -> None:
    """Wait until everything that was acknowledged is stored and searchable."""
    served.start()
    deadline = time.monotonic() + SECONDS_TO_FINISH
    while served.site.count(_WAITING):
        if time.monotonic() > deadline:
            raise RuntimeError(f"Imports did not end: {served.log()[-2000:]}")
        time.sleep(0.5)


def check(served: ServedSite, ledger: Ledger, folder: Path) -> None:
    """Compare what is there with what was acknowledged; then make a last backup and restore it elsewhere."""
    for command in ("check_originals", "check_index"):
        status, said = manage(served, command)
        if status:
            ledger.fault(f"{command} ended with {status}: {said[-500:]}")
    if served.site.rows("PRAGMA integrity_check") != [("ok",)]:
        ledger.fault("the database is damaged")
    _check_rows(served.site, ledger)
    backup = folder / "backup"
    restored = ServedSite(folder / "restored")
    for command_line, where in ((("backup", str(backup)), served), (("restore", str(backup)), restored)):
        status, said = manage(where, *command_line)
        if status:
            ledger.fault(f"{command_line[0]} ended with {status}: {said[-500:]}")
            return
    _check_rows(restored.site, ledger)
    ledger.did("restores compared")


def _check_rows(site: Site, ledger: Ledger) -> None:
    hashes = site.rows("SELECT content_hash FROM determinations_importfile")
    texts = site.rows("SELECT id, clinical_summary FROM determinations_determination")
    for lost in ledger.missing([str(row[0]) for row in hashes], {int(str(k)): str(t) for k, t in texts}):
        ledger.fault(f"{lost} ({site.folder.name})")
    unfinished = (
        "SELECT count(*) FROM determinations_importfile WHERE determination_id IS NULL AND result = 'new'"
    )
    if site.count(unfinished):
        ledger.fault(f"letters that were new are gone ({site.folder.name})")


def report(served: ServedSite, ledger: Ledger, seconds: float) -> None:
    console = Console()
    table = Table("What", "Number", title=f"Soak of {seconds:,.0f} seconds", title_justify="left")
    table.add_row("letters acknowledged", f"{len(ledger.letters):,}")
    for what, number in sorted(ledger.done.items()):
        table.add_row(what, f"{number:,}")
    for status, number in sorted(ledger.answers.items()):
        table.add_row(f"answers {status}", f"{number:,}")
    table.add_row("slowest answer, seconds", f"{ledger.slowest:.1f}")
    table.add_row("faults", f"{len(ledger.faults):,}")
    if ledger.faults:  # first, for a log of which only the end is kept
        console.print(served.log()[-3000:], markup=False)
    console.print(table)
    for fault in ledger.faults[:20]:
        console.print(fault, markup=False)
    if not ledger.faults:
        console.print("Nothing lost, and no answer of 5xx but the announced 503.")


if __name__ == "__main__":
    sys.exit(main())
