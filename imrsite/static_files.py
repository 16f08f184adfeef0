"""Styles and scripts as the site serves them: a fingerprint in each name, compressed, and one sheet of all.

`manage.py serve` collects them before it starts. Where nothing was collected, as under `runserver` and in
tests, and with IMR_DEBUG=1, pages name the files of the source tree: an edit shows at the next reload.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "determinations/site.css"
_IMPORT = re.compile(r'@import "([^"]+)";')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_INDENT = re.compile(r"\n\s*")

Paths = dict[str, tuple[Storage, str]]
"""Name of a file -> where it was found."""


class OneSheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the sheets that `site.css` imports in its place: one request, not one after another."""

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            content = ContentFile(one_sheet(paths).encode())
            self.delete(SHEET)
            self._save(SHEET, content)
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def get_modified_time(self, name: str) -> datetime:
        """Not known, so that every file is collected anew.

        The files of a newer version may be older than the last collection: a container image that was built
        before the site last started, files from the cache of an installer.
        """
        raise NotImplementedError

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


def one_sheet(paths: Paths) -> str:
    """The text of the sheet with what it imports in its place, without comments and indents."""
    whole = _IMPORT.sub(lambda found: _read(paths, f"determinations/{found[1]}"), _read(paths, SHEET))
    return _INDENT.sub("\n", _COMMENT.sub("", whole))


def _read(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read(), "utf-8")
