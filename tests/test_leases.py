"""Leases in the database: one holder, the database's clock, and no commit by a holder that lost its lease."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from determinations import leases
from determinations.file_lock import LockHeldError
from determinations.importing import worker
from determinations.leases import HeldLease, LeaseLostError
from determinations.models import Determination, ImportBatch, ImportFile, Lease
from determinations.search import indexing
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import IndexLockedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """As if machines shared the database. SQLite's tests have one connection, so no thread renews."""
    settings.MACHINES_SHARE_DATABASE = True
    monkeypatch.setattr(leases, "_renew_until", lambda held, ended: None)


def run_out(name: str) -> None:
    assert Lease.objects.filter(name=name).update(expires_at=F("expires_at") - timedelta(hours=1))


def test_a_lease_has_one_holder_and_names_it(settings: Settings) -> None:
    settings.MACHINE = "web-1"
    held = leases.take("alerts")
    with pytest.raises(LockHeldError, match=r"Process \d+ on web-1 holds") as refused:
        leases.take("alerts")
    assert refused.value.machine == "web-1"
    leases.take("something else")
    held.release()
    leases.take("alerts")


def test_a_lease_that_runs_out_is_taken_and_its_old_holder_notices() -> None:
    old = leases.take("alerts")
    old.require()
    run_out("alerts")
    old.require()  # nobody has taken it
    new = leases.take("alerts")
    new.require()
    with pytest.raises(LeaseLostError):
        old.require()
    assert not old.renew()
    old.release()
    new.require()


def test_a_process_that_is_alone_on_its_machine_replaces_a_dead_one_at_once(settings: Settings) -> None:
    settings.MACHINE = "one"
    dead = leases.take("import 5")
    settings.MACHINE = "two"
    with pytest.raises(LockHeldError):
        leases.take("import 5", alone_here=True)
    settings.MACHINE = "one"
    leases.take("import 5", alone_here=True).require()
    with pytest.raises(LeaseLostError):
        dead.require()


def test_a_renewed_lease_does_not_run_out() -> None:
    held = leases.take("alerts")
    run_out("alerts")
    assert held.renew()
    with pytest.raises(LockHeldError):
        leases.take("alerts")
    assert Lease.objects.get(name="alerts").expires_at > timezone.now()


def test_only_holders_of_now_are_running() -> None:
    leases.take("import worker on one")
    leases.take("import worker on two")
    leases.take("import worker on three").release()
    run_out("import worker on one")
    assert [held.name for held in leases.running_leases("import worker on ")] == ["import worker on two"]


def test_where_the_database_is_not_shared_a_file_is_locked(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    with leases.exclusive("alerts") as held:
        held.require()
        with pytest.raises(LockHeldError) as refused, leases.exclusive("alerts"):
            pass
    assert re.fullmatch(r"Process \d+", refused.value.holder)
    assert (tmp_path / "alerts.lock").exists()
    assert not Lease.objects.exists()


class SharedEngine(ColumnarEngine):
    @property
    def is_shared(self) -> bool:
        return True


@pytest.mark.usefixtures("shared")
def test_a_shared_index_has_one_writer_on_all_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "SECONDS_TO_WAIT", 0.0)
    engine = SharedEngine(tmp_path / "index")
    indexing.rebuild(engine)
    other = leases.take(f"index {engine.location}")
    with pytest.raises(IndexLockedError, match="being written by process"):
        indexing.write_changes(engine)
    other.release()
    indexing.write_changes(engine)


@pytest.mark.usefixtures("shared")
def test_a_writer_that_lost_its_lease_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SharedEngine(tmp_path / "index")
    indexing.rebuild(engine)
    before = engine.status().commit
    indexing.note_changes([5])

    def taken(name: str, *_: object) -> HeldLease:
        held = leases.take(name)
        run_out(name)
        leases.take(name)
        return held

    monkeypatch.setattr(leases, "_taken", taken)
    with pytest.raises(IndexLockedError, match="taken over"):
        indexing.write_changes(engine)
    assert engine.status().commit == before
    assert indexing.waiting_changes(engine) == 1


def running(machine: str, content_hash: str = "") -> ImportBatch:
    batch = ImportBatch.objects.create(source="test", machine=machine)
    ImportFile.objects.create(batch=batch, name="a.txt", content_hash=content_hash)
    return batch


@pytest.mark.usefixtures("shared")
def test_a_worker_takes_files_of_its_machine_and_uploads_that_it_sees(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MACHINE, settings.ORIGINAL_LETTERS_DIR = "one", tmp_path
    seen = "ab" * 32
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / seen).write_text("here")
    own, _, here, _ = running("one"), running("two"), running("", seen), running("", "cd" * 32)
    assert list(worker._running_batches()) == [own, here]


@pytest.mark.usefixtures("shared")
def test_a_batch_waits_for_the_worker_of_its_machine() -> None:
    own, upload = running("one"), running("")
    assert not worker.is_taken_by_a_worker(upload)
    Lease.objects.create(
        name="import worker on two",
        owner="somebody",
        machine="two",
        expires_at=timezone.now() + timedelta(minutes=1),
        moved_at=timezone.now(),
    )
    assert worker.is_taken_by_a_worker(upload)
    assert not worker.is_taken_by_a_worker(own)
    assert worker.worker_silence() is not None
    assert site_settings.MACHINE not in worker.working_machines()
    assert not Determination.objects.exists()
