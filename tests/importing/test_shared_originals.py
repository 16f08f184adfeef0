"""Original letters in a storage that machines share: there before a row names them, read from any machine."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from time import time
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from determinations.backup.making import back_up
from determinations.importing import batch_run, originals, shared_originals
from determinations.importing.original_checks import check_originals
from determinations.importing.originals import OriginalLetterMissingError
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.removed_letters import remember, removed_among
from determinations.importing.shared_originals import SharedOriginalsError, name_of
from determinations.models import Determination
from imrsite.shared_storage import s3_storage
from sample_letters.generator import invented_letters
from tests.importing.running import imported

LETTER = b"a letter"
HASH = hashlib.sha256(LETTER).hexdigest()


class UncertainStorage(FileSystemStorage):
    """Fails with an error of its own while it is `away`, and counts what is sent."""

    away = False
    sent = 0

    def exists(self, name: str) -> bool:
        self._answer()
        return super().exists(name)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        self._answer()
        self.sent += 1
        return super().save(name, content, max_length)

    def _answer(self) -> None:
        if self.away:
            raise RuntimeError("connection refused")


@pytest.fixture
def shared(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> UncertainStorage:
    settings.STORAGES = {
        **settings.STORAGES,
        "originals": {
            "BACKEND": "tests.importing.test_shared_originals.UncertainStorage",
            "OPTIONS": {"location": tmp_path_factory.mktemp("shared"), "allow_overwrite": True},
        },
    }
    storage = storages["originals"]
    assert isinstance(storage, UncertainStorage)
    return storage


def other_machine(settings: Settings, folder: Path) -> None:
    """From now on this is a machine with an empty disk."""
    settings.ORIGINAL_LETTERS_DIR = folder / "letters"


def make_old(path: Path) -> None:
    os.utime(path, (time() - 2 * originals.ABANDONED_AFTER_SECONDS,) * 2)


def test_without_a_shared_storage_there_is_none() -> None:
    assert shared_originals.storage() is None
    originals.keep(LETTER)
    assert not shared_originals.holds(HASH)
    assert originals.is_kept(HASH)


@pytest.mark.parametrize("way", ["keep", "keep_all", "keep_arriving"])
def test_what_is_kept_on_one_machine_is_read_on_another(
    way: str, shared: UncertainStorage, settings: Settings, tmp_path: Path
) -> None:
    match way:
        case "keep":
            originals.keep(LETTER)
        case "keep_all":
            originals.keep_all([LETTER, LETTER])
        case _:
            originals.keep_arriving([LETTER[:3], LETTER[3:]], most=100)
    assert shared.sent == 1

    other_machine(settings, tmp_path)
    assert originals.read(HASH) == LETTER
    assert originals.size_of(HASH) == len(LETTER)
    assert not originals.path_of(HASH).exists(), "a machine that only reads keeps nothing"
    assert originals.local_path(HASH).read_bytes() == LETTER


def test_a_letter_that_only_this_disk_has_is_shared_when_it_comes_again(
    shared: UncertainStorage, settings: Settings
) -> None:
    originals.keep(LETTER)
    shared.delete(name_of(HASH))
    originals.keep(LETTER)
    assert shared.exists(name_of(HASH))


def test_nothing_counts_as_kept_while_the_storage_is_away(shared: UncertainStorage) -> None:
    shared.away = True
    for keep in (lambda: originals.keep(LETTER), lambda: originals.keep_arriving([LETTER], most=100)):
        with pytest.raises(SharedOriginalsError, match="IMR_ORIGINALS_BUCKET") as failed:
            keep()
        assert "will continue" in batch_run.in_words(failed.value)
    shared.away = False
    originals.keep(LETTER)
    assert shared.exists(name_of(HASH))


def test_other_bytes_than_were_stored_are_refused(
    shared: UncertainStorage, settings: Settings, tmp_path: Path
) -> None:
    originals.keep(LETTER)
    with shared.open(name_of(HASH), "wb") as file:
        file.write(b"another")
    other_machine(settings, tmp_path)
    with pytest.raises(SharedOriginalsError, match="other bytes"):
        originals.local_path(HASH)
    assert not originals.path_of(HASH).exists()
    assert list(originals.aside_folder().iterdir()) == []


def test_a_letter_that_is_nowhere_says_so(shared: UncertainStorage) -> None:
    with pytest.raises(OriginalLetterMissingError, match="Restore it from a backup"):
        originals.read(HASH)
    assert not originals.local_path(HASH).exists()
    with pytest.raises(FileNotFoundError):
        originals.size_of(HASH)


def test_old_copies_leave_the_disk_once_they_are_shared(shared: UncertainStorage) -> None:
    letters = [b"old and shared", b"old and only here", b"new"]
    hashes = [originals.keep(letter) for letter in letters]
    for content_hash in hashes[:2]:
        make_old(originals.path_of(content_hash))
    shared.delete(name_of(hashes[1]))

    assert originals.sweep() == 1
    assert [originals.path_of(content_hash).exists() for content_hash in hashes] == [False, True, True]
    assert [originals.read(content_hash) for content_hash in hashes] == letters


@pytest.mark.django_db
def test_what_was_removed_on_one_machine_leaves_the_disks_of_others(
    shared: UncertainStorage, settings: Settings, tmp_path: Path
) -> None:
    first_disk = settings.ORIGINAL_LETTERS_DIR
    originals.keep(LETTER)
    other_machine(settings, tmp_path)
    originals.forget(HASH)
    remember(HASH)
    assert not shared.exists(name_of(HASH))

    settings.ORIGINAL_LETTERS_DIR = first_disk
    assert originals.path_of(HASH).exists()
    assert originals.sweep(removed_among) == 1
    assert not originals.is_kept(HASH)


@pytest.mark.django_db(transaction=True)
def test_letters_imported_here_are_downloaded_read_again_checked_and_backed_up_elsewhere(
    shared: UncertainStorage, settings: Settings, tmp_path: Path, client: Client
) -> None:
    folder = tmp_path / "arriving"
    folder.mkdir()
    texts = [invented.text for invented in invented_letters(3, seed=77)]
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    with ReadingPool(1) as pool:
        imported([folder], pool)
    other_machine(settings, tmp_path)

    letters = list(Determination.objects.all())
    assert len(letters) == 3
    answer = client.get(f"{letters[0].get_absolute_url()}original/")
    assert answer.status_code == 200
    call_command("reparse", "--all", stdout=StringIO())
    assert check_originals().whole
    done = back_up(tmp_path / "backup")
    assert (done.manifest.originals, done.manifest.lost_originals) == (3, ())

    shared.delete(name_of(letters[0].content_hash))
    with shared.open(name_of(letters[1].content_hash), "wb") as file:
        file.write(b"damaged")
    checked = check_originals()
    assert checked.missing == (letters[0].content_hash,)
    assert checked.damaged == (letters[1].content_hash,)


@pytest.mark.django_db
def test_a_site_begins_to_share_what_it_has(
    shared: UncertainStorage, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    backends = settings.STORAGES
    settings.STORAGES = {name: one for name, one in backends.items() if name != "originals"}
    hashes = originals.keep_all([b"one", b"two", b"three"])
    with pytest.raises(CommandError, match="IMR_ORIGINALS_BUCKET"):
        call_command("share_originals")

    settings.STORAGES = backends
    out = StringIO()
    call_command("share_originals", stdout=out)
    assert "3 original letters" in out.getvalue()
    assert sorted(originals.kept_hashes()) == sorted(kept.content_hash for kept in hashes)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of an S3-compatible server: that of IMR_TEST_S3, else one in this process."""
    if address := os.environ.get("IMR_TEST_S3"):
        yield address
        return
    server = pytest.importorskip("moto.server", reason="moto is not installed").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_letters_are_shared_by_s3(
    s3_server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed")
    bucket = f"letters-{secrets.token_hex(8)}"
    for name, value in {
        "ACCESS_KEY_ID": "tests",
        "SECRET_ACCESS_KEY": "tests",
        "DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    boto3.client("s3", endpoint_url=s3_server).create_bucket(Bucket=bucket)
    settings.STORAGES = {**settings.STORAGES, "originals": s3_storage(bucket, s3_server)}
    letters = [os.urandom(size) for size in (0, 1, 100_000, 6_000_000)]
    kept = originals.keep_all(letters)
    other_machine(settings, tmp_path)

    assert [originals.read(one.content_hash) for one in kept] == letters
    assert [originals.local_path(one.content_hash).read_bytes() for one in kept] == letters
    assert sorted(originals.kept_hashes()) == sorted(one.content_hash for one in kept)
    assert [originals.digest_of(one.content_hash) for one in kept] == [one.content_hash for one in kept]
    for one in kept:
        originals.forget(one.content_hash)
    assert not any(originals.is_kept(one.content_hash) for one in kept)
    settings.STORAGES = {**settings.STORAGES, "originals": s3_storage(f"{bucket}-no", s3_server)}
    with pytest.raises(SharedOriginalsError, match="does not answer"):
        originals.keep(b"no such bucket")
