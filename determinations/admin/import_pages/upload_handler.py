"""Files of a form on their way in: written to the data directory, each closed when it is complete.

Django's own handler keeps a file open for each upload and takes its temporary name from the one that the
browser sent; a thousand files, or one with a very long ending, would end the request.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from determinations.importing import originals

BYTES_AT_A_TIME = 1024 * 1024


class SpooledFile(UploadedFile[bytes]):
    """An upload that is complete on disk; `chunks` gives its bytes."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(name=name, size=size)
        self._path = path

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while piece := file.read(chunk_size or BYTES_AT_A_TIME):
                yield piece

    def close(self) -> None:
        """Remove the bytes; Django does so at the end of the request."""
        self._path.unlink(missing_ok=True)


class SpoolingUploadHandler(FileUploadHandler):
    """Takes every file of a form, however many and large. `discard` removes what is left of them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._paths: list[Path] = []
        self._writing: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        descriptor, name = tempfile.mkstemp(dir=originals.aside_folder())
        self._paths.append(Path(name))
        self._writing = os.fdopen(descriptor, "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._writing:
            self._writing.write(raw_data)

    def file_complete(self, file_size: int) -> SpooledFile:
        self._close()
        return SpooledFile(self._paths[-1], self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove every file of this form."""
        self._close()
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._writing:
            self._writing.close()
            self._writing = None
