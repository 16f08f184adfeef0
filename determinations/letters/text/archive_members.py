"""What comes out of any file that holds others, and the limits on what it may claim."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes in bytes, unpacked. `ratio` is unpacked to packed, asked only beyond `ratio_free` bytes."""

    entries: int = 250_000
    directory: int = 48 * MEBIBYTE
    entry: int = 64 * MEBIBYTE
    total: int = 40 * 1024 * MEBIBYTE
    ratio: int = 100
    ratio_free: int = MEBIBYTE


@dataclass(frozen=True, slots=True)
class Member:
    """One entry's bytes. `position` counts all entries of the archive from 0."""

    position: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RefusedMember:
    position: int
    name: str
    code: str
    reason: str


class ArchiveRefusedError(Exception):
    """The whole archive cannot be unpacked. `code` is a slug, `message` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def nested(position: int, name: str) -> RefusedMember:
    """The refusal of an archive inside an archive."""
    reason = "This is an archive inside an archive: take it out and import it by itself."
    return RefusedMember(position, name, "nested_archive", reason)
