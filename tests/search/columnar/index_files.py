"""An index in a folder, as the engine contract damages it."""

import json
import shutil
from pathlib import Path


class IndexFiles:
    """An index in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pointer = path / "current"
        self._copy = path.with_name("copy")

    def write_version(self, version: str) -> None:
        pointer = json.loads(self._pointer.read_text())
        self._pointer.write_text(json.dumps(pointer | {"schema_version": version}))

    def garble(self) -> None:
        self._pointer.write_text("not what was written")

    def lose_documents(self) -> None:
        for file in self._path.glob("[0-9]*/*"):
            file.unlink()

    def delete(self) -> None:
        shutil.rmtree(self._path)

    def copy(self) -> None:
        shutil.copytree(self._path, self._copy)

    def restore(self) -> None:
        self.delete()
        shutil.copytree(self._copy, self._path)

    def content(self) -> object:
        files = (file for file in self._path.rglob("*") if file.is_file())
        return {file.relative_to(self._path): file.read_bytes() for file in files}

    def holds_word(self, word: str) -> bool:
        return any(word.encode() in file.read_bytes() for file in self._path.rglob("*") if file.is_file())
