"""A text that is compressed once and sent to many visitors, each with a token of their own in its places.

The text goes through one compressor (deflate, RFC 1951). Each token is a stored block between its blocks,
which is copied and never compressed. So no length tells anything about a token, whatever the text repeats
(BREACH). What follows a place may repeat what precedes it: the text is hardly longer than in one piece.
"""

import secrets
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 6
MOST_RANDOM_BYTES = 100
"""As many as Django's GZipMiddleware adds to its answers at most."""
_PLACE = 0xFF
"""A byte that no UTF-8 text has: what follows a place never repeats what stands for it."""
_NAMED, _UNKNOWN_SYSTEM = 8, 255


@dataclass(frozen=True, slots=True)
class CompressedText:
    """`parts` are the blocks between the places; tokens have `token_length` bytes."""

    parts: tuple[bytes, ...]
    token_length: int

    @classmethod
    def of(cls, pieces: Sequence[bytes], token_length: int) -> "CompressedText":
        """From the pieces of a UTF-8 text, one more than it has places. Raises ValueError for other bytes."""
        if any(_PLACE in piece for piece in pieces):
            raise ValueError("The text is not UTF-8.")
        compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        parts = []
        for number, piece in enumerate(pieces, start=1):
            ends = zlib.Z_FINISH if number == len(pieces) else zlib.Z_SYNC_FLUSH
            parts.append(compressor.compress(piece) + compressor.flush(ends))
            if number < len(pieces):
                # What it makes of the place is left out: distances over it stay right.
                compressor.compress(bytes([_PLACE]) * token_length)
                compressor.flush(zlib.Z_SYNC_FLUSH)
        return cls(tuple(parts), token_length)

    @property
    def places(self) -> int:
        return len(self.parts) - 1

    @property
    def size(self) -> int:
        """The bytes that are kept, roughly."""
        return sum(map(len, self.parts)) + 40 * len(self.parts)

    def plain(self, token: bytes) -> bytes:
        """The text with the token in its places. Raises ValueError for a token of another length."""
        return zlib.decompress(self._with(token), -zlib.MAX_WBITS)

    def gzipped(self, token: bytes) -> bytes:
        """The same as a gzip file (RFC 1952). Its name in the header has a random length."""
        compressed = self._with(token)
        plain = zlib.decompress(compressed, -zlib.MAX_WBITS)
        name = b"a" * secrets.randbelow(MOST_RANDOM_BYTES) + b"\0"
        header = struct.pack("<4BL2B", 0x1F, 0x8B, zlib.DEFLATED, _NAMED, 0, 0, _UNKNOWN_SYSTEM)
        return b"".join((header, name, compressed, struct.pack("<LL", zlib.crc32(plain), len(plain))))

    def _with(self, token: bytes) -> bytes:
        if self.places and len(token) != self.token_length:
            raise ValueError(f"The token has {len(token)} bytes and not {self.token_length}.")
        stored = struct.pack("<BHH", 0, len(token), len(token) ^ 0xFFFF) + token
        return stored.join(self.parts)
