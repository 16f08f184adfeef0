"""The program that takes attached files out of e-mails and PDFs, in a process of its own.

Run by path, alone: it imports nothing of this project. Requests come on standard input and answers go to
standard output, each framed by its length in 8 bytes; an empty answer says first that it is ready. A request
is one letter, E for an e-mail, M for an Outlook message, P for a PDF, C to count a PDF's attached files, and
the file. An answer is a JSON object, framed in the same way, and behind it the bytes of the files one after
the other: {"files": [[name, size], ...], "skipped": count} or {"error": code, "detail": text}.

Arguments: most memory in bytes, most files, most bytes altogether.
"""

import email
import email.policy
import json
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from email.header import decode_header, make_header
from email.message import Message
from io import BytesIO
from typing import BinaryIO

_FRAME = struct.Struct(">Q")
_MOST_NESTED_PARTS = 100
_LETTER_IN_THE_BODY = 1000
"""Characters: beside attached files a shorter message only says that they are attached."""
_CARDS_AND_SIGNATURES = frozenset(
    {
        *("text/calendar", "text/vcard", "text/x-vcard", "application/pkcs7-signature", "application/ics"),
        *("application/x-pkcs7-signature", "application/pgp-signature", "message/delivery-status"),
    }
)

File = tuple[str, bytes]


class _TooMuchError(Exception):
    pass


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


class _Found:
    """The files found so far, within the limits."""

    def __init__(self, most_files: int, most_bytes: int) -> None:
        self.files: list[File] = []
        self.skipped = 0
        self._files_left, self._bytes_left = most_files, most_bytes

    def add(self, name: str, data: bytes) -> None:
        self._files_left -= 1
        self._bytes_left -= len(data)
        if self._files_left < 0 or self._bytes_left < 0:
            raise _TooMuchError
        self.files.append((name, data))


def _from_email(data: bytes, found: _Found) -> None:
    if data.lower().count(b"boundary=") > _MOST_NESTED_PARTS:
        raise _TooMuchError
    # The older policy: the newer one takes the square of a hostile header's length.
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    bodies: list[bytes] = []
    for part in _parts(message):
        name = _file_name(part)
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        kind = part.get_content_type()
        if kind in _CARDS_AND_SIGNATURES or (kind.startswith("image/") and part["Content-ID"]):
            found.skipped += 1
        elif name or part.get_content_disposition() == "attachment":
            found.add(name or "attachment", content)
        elif kind == "text/plain":
            bodies.append(_utf8(part, content))
        else:
            found.skipped += 1
    _add_bodies(bodies, found)


def _parts(message: Message) -> Iterator[Message]:
    """Every part that holds no others, those of forwarded messages among them."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            waiting.extend(inner for inner in reversed(payload) if isinstance(inner, Message))
        else:
            yield part


def _file_name(part: Message) -> str:
    name = part.get_filename() or ""
    with suppress(ValueError, LookupError, UnicodeError):
        name = str(make_header(decode_header(name)))
    return name


def _utf8(part: Message, content: bytes) -> bytes:
    with suppress(LookupError, UnicodeError):
        return content.decode(part.get_content_charset() or "utf-8").encode()
    return content


def _from_outlook(data: bytes, found: _Found) -> None:
    from oxmsg import Message as OutlookMessage

    message = OutlookMessage.load(BytesIO(data))
    for attached in message.attachments:
        content = attached.file_bytes
        if content is None:
            found.skipped += 1
        else:
            found.add(attached.file_name or "attachment", content)
    _add_bodies([(message.body or "").encode()], found)


def _add_bodies(bodies: list[bytes], found: _Found) -> None:
    """A message's own text, where it is long enough for a letter or all that there is."""
    for body in bodies:
        if len(body) > _LETTER_IN_THE_BODY or (not found.files and body.strip()):
            found.add("message.txt", body)


def _from_pdf(data: bytes, found: _Found) -> None:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        if b"/Collection" not in data:  # the page of a portfolio only says how to open it
            found.add("", b"")
        for index in range(document.count_attachments()):
            attached = document.get_attachment(index)
            found.add(attached.get_name() or "attachment", bytes(attached.get_data()))


def _count_of_pdf(data: bytes) -> int:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        return int(document.count_attachments())


def _answer(request: bytes, most_files: int, most_bytes: int) -> tuple[dict[str, object], list[File]]:
    kind, data = request[:1], request[1:]
    found = _Found(most_files, most_bytes)
    try:
        if kind == b"C":
            return {"count": _count_of_pdf(data)}, []
        {b"E": _from_email, b"M": _from_outlook, b"P": _from_pdf}[kind](data, found)
    except (_TooMuchError, MemoryError, RecursionError):
        return {"error": "archive_too_large", "detail": ""}, []
    except Exception as error:  # noqa: BLE001  (whatever a library raises for a damaged file, it is said)
        return {"error": "broken_archive", "detail": f"{type(error).__name__}: {error}"[:200]}, []
    files = [[name, len(data)] for name, data in found.files]
    return {"files": files, "skipped": found.skipped}, found.files


def main() -> None:
    most_memory, most_files, most_bytes = map(int, sys.argv[1:4])
    # macOS knows the limit but refuses to set it; there the parent's time limit is what holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(_FRAME.pack(0))
    answers.flush()
    while (header := _read_exactly(requests, _FRAME.size)) is not None:
        request = _read_exactly(requests, _FRAME.unpack(header)[0])
        if request is None:
            return
        answer, files = _answer(request, most_files, most_bytes)
        head = json.dumps(answer).encode("ascii")
        answers.write(_FRAME.pack(_FRAME.size + len(head) + sum(len(data) for _, data in files)))
        answers.write(_FRAME.pack(len(head)) + head)
        for _, data in files:
            answers.write(data)
        answers.flush()


if __name__ == "__main__":
    main()
