"""What one commit of the index holds, as the file that lists its segments says.

The file is JSON and names no class, so that the index survives when code is moved. It is known by the digest
of its content, which contains the digests of the segments' files: one digest stands for the whole index.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pyroaring import BitMap


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's file, how many documents it has, and which of them are deleted.

    `field_lengths`: the summed lengths of the scored fields, in words, deleted documents included.
    """

    id: str
    digest: str
    document_count: int
    field_lengths: Mapping[str, int]
    deleted: BitMap = field(default_factory=BitMap)

    def without(self, documents: BitMap) -> "Segment":
        """This segment with `documents` deleted as well."""
        return replace(self, deleted=self.deleted | documents)

    @property
    def live_count(self) -> int:
        return self.document_count - len(self.deleted)


@dataclass(frozen=True, slots=True)
class Commit:
    """`whoosh_contents` is the digest of the table of contents that plain Whoosh reads."""

    segments: tuple[Segment, ...]
    whoosh_contents: str

    def to_json(self) -> bytes:
        segments = [
            {
                "id": segment.id,
                "digest": segment.digest,
                "document_count": segment.document_count,
                "field_lengths": dict(segment.field_lengths),
                "deleted": b64encode(segment.deleted.serialize()).decode(),
            }
            for segment in self.segments
        ]
        return json.dumps({"segments": segments, "whoosh_contents": self.whoosh_contents}).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Commit":
        """Of content whose digest was compared: what is not of this form raises whatever json raises."""
        read = json.loads(content)
        segments = (
            Segment(**one | {"deleted": BitMap.deserialize(b64decode(one["deleted"]))})
            for one in read["segments"]
        )
        return cls(tuple(segments), read["whoosh_contents"])
