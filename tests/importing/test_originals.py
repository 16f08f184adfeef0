"""Bytes on disk by their hash: whole or not there, and written once."""

import hashlib
import os
import stat
from pathlib import Path
from time import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from determinations.importing import originals
from determinations.importing.originals import Kept, OriginalLetterMissingError


@given(st.lists(st.binary(max_size=200)))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_comes_back(letters: list[bytes]) -> None:
    kept = originals.keep_all(letters)
    assert kept == [Kept(hashlib.sha256(data).hexdigest(), len(data)) for data in letters]
    assert [originals.read(row.content_hash) for row in kept] == letters


def test_the_same_bytes_are_written_once() -> None:
    content_hash = originals.keep(b"letter")
    before = originals.path_of(content_hash).stat().st_ino
    assert originals.keep_arriving([b"let", b"ter"], most=10) == Kept(content_hash, 6)
    originals.keep_all([b"letter", b"letter"])
    assert originals.path_of(content_hash).stat().st_ino == before


def test_bytes_are_synced_before_they_get_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        happened.append("folder synced" if is_folder else "bytes synced")
        sync(descriptor)

    def renamed(path: Path, target: Path) -> Path:
        happened.append("renamed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", renamed)
    originals.keep(b"letter")
    assert happened == ["bytes synced", "renamed", "folder synced", "folder synced"]


def test_missing_bytes_say_how_to_get_them_back() -> None:
    with pytest.raises(OriginalLetterMissingError, match="Restore it from a backup"):
        originals.read("0" * 64)
    with pytest.raises(OriginalLetterMissingError, match="was not kept"):
        originals.read("")


def test_what_killed_processes_left_aside_is_swept_after_a_day() -> None:
    old, new = (originals.aside_folder() / name for name in ("old", "new"))
    old.touch()
    new.touch()
    os.utime(old, (time() - 2 * 24 * 60 * 60,) * 2)
    assert originals.sweep() == 1
    assert list(originals.aside_folder().iterdir()) == [new]
