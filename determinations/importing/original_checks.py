"""Are the kept originals whole? Every file is compared with its hash, and every row with its file.

The last result is kept in the data directory, for `check_index` and `/health/`.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from determinations.importing.originals import digest_of, kept_hashes
from determinations.models import Determination, ImportFile
from determinations.search.interface import Progress


@dataclass(frozen=True, slots=True)
class OriginalsChecked:
    """`damaged` and `missing` are hashes, ascending; `damaged` ones need no row, `missing` ones have one.

    `unreadable` says what kept a file from being read.
    """

    files: int
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not (self.damaged or self.missing or self.unreadable)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """How many files the last complete check read; how many were damaged, and how many were missing."""

    finished_at: datetime
    files: int
    damaged: int
    missing: int
    unreadable: int

    @property
    def whole(self) -> bool:
        return not (self.damaged or self.missing or self.unreadable)


def last_check() -> LastCheck | None:
    """The last check that came to its end; None where there was none, or its note cannot be read."""
    try:
        noted = json.loads(_note_path().read_bytes())
        return LastCheck(**noted | {"finished_at": datetime.fromisoformat(noted["finished_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _note(checked: OriginalsChecked) -> None:
    note = LastCheck(
        timezone.now(), checked.files, len(checked.damaged), len(checked.missing), len(checked.unreadable)
    )
    fresh = _note_path().with_name(f"{_note_path().name}.{os.getpid()}")
    fresh.write_text(json.dumps(asdict(note), default=str), encoding="ascii")
    fresh.replace(_note_path())


def _note_path() -> Path:
    return Path(settings.DATA_DIR) / "originals-check.json"


def check_originals(progress: Progress | None = None) -> OriginalsChecked:
    """Read every kept file once, and keep the result. Memory holds the hashes, and a megabyte of a file."""
    # First the rows: a letter that is imported meanwhile has its file before its row.
    wanted = _hashes_of_rows()
    seen: set[str] = set()
    damaged: list[str] = []
    unreadable: list[str] = []
    for content_hash in kept_hashes():
        seen.add(content_hash)
        try:
            if digest_of(content_hash) != content_hash:
                damaged.append(content_hash)
        except FileNotFoundError:
            seen.discard(content_hash)
        except OSError as error:
            unreadable.append(str(error))
        if progress:
            progress(1)
    checked = OriginalsChecked(
        len(seen), tuple(sorted(damaged)), tuple(sorted(wanted - seen)), tuple(unreadable)
    )
    _note(checked)
    return checked


def letters_of(content_hash: str) -> list[str]:
    """What the letters or imported files with this original are called."""
    letters = Determination.objects.without_texts().filter(content_hash=content_hash)
    files = ImportFile.objects.filter(content_hash=content_hash)
    return [str(letter) for letter in letters] or sorted({file.name for file in files})


def _hashes_of_rows() -> set[str]:
    letters = Determination.objects.values_list("content_hash", flat=True)
    files = ImportFile.objects.exclude(content_hash="").values_list("content_hash", flat=True)
    return {content_hash for rows in (letters, files) for content_hash in rows.iterator()}
