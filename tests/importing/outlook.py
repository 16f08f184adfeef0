"""Outlook messages for tests: compound files of a body and attachments, written from scratch.

Simpler than Outlook's own: each folder's entries hang on one another like a list.
"""

import struct
from dataclasses import dataclass, field

_SECTOR, _SMALL_SECTOR, _SMALL = 512, 64, 4096
_END, _FREE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    name: str
    data: bytes | None = None
    inside: list["_Entry"] = field(default_factory=list)
    next_one: int = _NONE
    first_inside: int = _NONE


def outlook_message(body: str, *attachments: tuple[str, bytes]) -> bytes:
    """A .msg of a plain text and attached files, by name."""
    root = _Entry("Root Entry")
    root.inside = [
        _Entry(
            "__properties_version1.0", bytes(32) + _listed(0x1000001F, body) + _listed(0x001A001F, "IPM.Note")
        ),
        _Entry("__substg1.0_1000001F", body.encode("utf-16-le")),
        _Entry("__substg1.0_001A001F", "IPM.Note".encode("utf-16-le")),
    ]
    for number, (name, data) in enumerate(attachments):
        by_value = struct.pack("<HHIQ", 0x0003, 0x3705, 6, 1)
        root.inside.append(
            _Entry(
                f"__attach_version1.0_#{number:08X}",
                inside=[
                    _Entry(
                        "__properties_version1.0",
                        bytes(8) + by_value + _listed(0x37010102, data) + _listed(0x3707001F, name),
                    ),
                    _Entry("__substg1.0_37010102", data),
                    _Entry("__substg1.0_3707001F", name.encode("utf-16-le")),
                ],
            )
        )
    return _compound_file(root)


def _listed(tag: int, value: str | bytes) -> bytes:
    size = len(value) if isinstance(value, bytes) else 2 * len(value) + 2
    return struct.pack("<IIII", tag, 6, size, 0)


def _compound_file(root: _Entry) -> bytes:
    entries = [root]
    for entry in entries:
        entries.extend(entry.inside)
        places = [next(at for at, each in enumerate(entries) if each is inner) for inner in entry.inside]
        if places:
            entry.first_inside = places[0]
            for inner, following in zip(entry.inside, [*places[1:], _NONE], strict=True):
                inner.next_one = following
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        for start in range(0, len(data), _SECTOR):
            sectors.append(data[start : start + _SECTOR].ljust(_SECTOR, b"\0"))
            chain.append(len(sectors))
        chain[-1] = _END
        return first

    small = b""
    small_chain: list[int] = []
    starts = []
    for entry in entries:
        data = entry.data or b""
        if not data or len(data) >= _SMALL:
            starts.append(put(data))
            continue
        starts.append(len(small_chain))
        small += data + bytes(-len(data) % _SMALL_SECTOR)
        small_chain += range(len(small_chain) + 1, len(small) // _SMALL_SECTOR + 1)
        small_chain[-1] = _END
    root.data, starts[0] = small, put(small)
    first_small = put(struct.pack(f"<{len(small_chain)}I", *small_chain).ljust(_SECTOR, b"\xff"))
    rows = [_directory_row(entry, start) for entry, start in zip(entries, starts, strict=True)]
    while len(rows) % 4:
        rows.append(bytes(68) + struct.pack("<III", _NONE, _NONE, _NONE) + bytes(48))
    directory = put(b"".join(rows))
    tables = 1
    while (len(sectors) + tables) * 4 > tables * _SECTOR:
        tables += 1
    first_table = len(sectors)
    chain += [0xFFFFFFFD] * tables
    chain += [_FREE] * (tables * _SECTOR // 4 - len(chain))
    table = struct.pack(f"<{len(chain)}I", *chain)
    small_tables = -(-len(small_chain) * 4 // _SECTOR)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIII", 0, tables, directory, 0)
    header += struct.pack("<IIIII", _SMALL, first_small, small_tables, _END, 0)
    header += struct.pack("<109I", *range(first_table, first_table + tables), *[_FREE] * (109 - tables))
    return header + b"".join(sectors) + table


def _directory_row(entry: _Entry, start: int) -> bytes:
    name = entry.name.encode("utf-16-le")
    kind = _ROOT if entry.name == "Root Entry" else (_STORAGE if entry.data is None else _STREAM)
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB", len(name) + 2, kind, 1)
        + struct.pack("<III", _NONE, entry.next_one, entry.first_inside)
        + bytes(36)
        + struct.pack("<IQ", start if entry.data else 0, len(entry.data or b""))
    )
