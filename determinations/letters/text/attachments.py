"""E-mails (.eml, .msg) and PDFs that carry other files, as archives of what they carry.

They are no larger than letters, and are read whole by a process of its own under limits of time and memory.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from determinations.letters.text.archive_members import (
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
)
from determinations.letters.text.extraction import MAX_LETTER_BYTES, is_outlook_message
from determinations.letters.text.file_kinds import HEAD_BYTES, FileKind, kind_of
from determinations.letters.text.file_labels import is_system_note, label_of
from determinations.letters.text.limited_process import FRAME, LimitedProgram, ProgramFailedError, command_of

MAX_FILES = 1000
MAX_BYTES = 200_000_000
MAX_SECONDS = 30.0
MAX_MEMORY_BYTES = 1_500_000_000

_MAY_CARRY_FILES = re.compile(rb"/EmbeddedFiles?\b|/ObjStm\b")
"""In a PDF; what stands in a compressed object stream shows only when it is opened."""


def carries_files(data: bytes) -> bool:
    """Whether the file is an e-mail, or a PDF with other files attached."""
    match kind_of(data[:HEAD_BYTES]):
        case FileKind.EMAIL:
            return True
        case FileKind.OLE:
            return is_outlook_message(data)
        case FileKind.PDF if _MAY_CARRY_FILES.search(data):
            try:
                return bool(_ask(b"C", data)[0]["count"])
            except ArchiveRefusedError:
                return False  # damaged: reading it says how
    return False


class AttachedFiles:
    """What a file carries, like an open archive; a PDF's own pages come first. Raises ArchiveRefusedError."""

    def __init__(self, path: Path, limits: ArchiveLimits | None = None) -> None:
        limits = limits or ArchiveLimits()
        data = path.read_bytes() if path.stat().st_size <= MAX_LETTER_BYTES else b""
        kind = kind_of(data[:HEAD_BYTES])
        sign = {FileKind.EMAIL: b"E", FileKind.OLE: b"M", FileKind.PDF: b"P"}.get(kind)
        if sign is None:
            raise ArchiveRefusedError("too_large", "The file is too large to be opened.")
        answer, packed = _ask(sign, data)
        self._members: list[Member | RefusedMember] = []
        self.skipped = answer["skipped"]
        at = 0
        for position, (name, size) in enumerate(answer["files"]):
            content, at = bytes(packed[at : at + size]), at + size
            self._add(position, name, content if name else data, limits)
        if not self._members:
            raise ArchiveRefusedError(
                "empty_archive",
                "The e-mail has neither an attached letter nor a text: import the letter itself.",
            )
        self.holds = len(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._members = []

    def members(self, start: int = 0) -> Iterator[Member | RefusedMember]:
        """Members and refusals in their order, from position `start` on."""
        return (member for member in self._members if member.position >= start)

    def _add(self, position: int, name: str, data: bytes, limits: ArchiveLimits) -> None:
        label = label_of(name or "the PDF itself")
        if is_system_note(label):
            self.skipped += 1
        elif len(data) > limits.entry:
            reason = f"This file has {len(data):,} bytes and a letter has at most {limits.entry:,}."
            self._members.append(RefusedMember(position, label, "too_large", reason))
        else:
            self._members.append(Member(position, label, data))


def _ask(sign: bytes, data: bytes) -> tuple[dict[str, Any], memoryview]:
    try:
        answer = _program.ask(sign + data)
    except ProgramFailedError as error:
        raise ArchiveRefusedError(
            "broken_archive", "Taking the attached files out took too long or failed: save them one by one."
        ) from error
    size = FRAME.unpack(answer[: FRAME.size])[0]
    head = json.loads(answer[FRAME.size : FRAME.size + size])
    if head.get("error") == "archive_too_large":
        raise ArchiveRefusedError(
            "archive_too_large",
            f"More than {MAX_FILES:,} files or {MAX_BYTES:,} bytes are attached: save them one by one.",
        )
    if "error" in head:
        raise ArchiveRefusedError(
            "broken_archive", f"The file is damaged ({head['detail']}): save what is attached by itself."
        )
    return head, memoryview(answer)[FRAME.size + size :]


_program = LimitedProgram(
    command_of("attachment_process.py", MAX_MEMORY_BYTES, MAX_FILES, MAX_BYTES),
    MAX_SECONDS,
    MAX_BYTES + 10_000_000,
)
