"""Archives for tests, honest and hostile ones."""

import stat
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

Entry = tuple[str | zipfile.ZipInfo, bytes]


def archive_of(path: Path, *entries: Entry, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive of (name, bytes), in that order."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, compress_type=method)
    return path


def link_to(target: str) -> Entry:
    """An entry that unpacks to a symbolic link."""
    entry = zipfile.ZipInfo("letter.txt")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry, target.encode()


def spoiled(path: Path, before: bytes, after: bytes) -> Path:
    """The same archive with bytes exchanged wherever they occur."""
    data = path.read_bytes()
    assert before in data
    path.write_bytes(data.replace(before, after))
    return path


def with_flags(path: Path, flags: int) -> Path:
    """Every entry marked with the flags, in its own header and in the directory."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            struct.pack_into("<H", data, at + offset, flags)
    path.write_bytes(data)
    return path


def overlapping(path: Path, names: Sequence[str], data: bytes) -> Path:
    """Entries of one length of name that all share the packed bytes of the first, as in the best bombs."""
    archive_of(path, *((name, data) for name in names))
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    first, at = content[:directory], directory
    one_entry = zipfile.ZipFile(path).infolist()[1].header_offset
    rows = content[directory:]
    at = -1
    while (at := rows.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<L", rows, at + 42, 0)
        rows[at + 46 : at + 46 + len(names[0])] = names[0].encode()
    end = rows.index(b"PK\x05\x06")
    struct.pack_into("<L", rows, end + 16, one_entry)
    path.write_bytes(bytes(first[:one_entry]) + bytes(rows))
    return path
