"""Folders of invented letters, with the company that letters keep in practice."""

from pathlib import Path

from sample_letters.generator import invented_letters
from tests.importing.archives import archive_of


def write_letters(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """`count` invented letters as text files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, letter in enumerate(invented_letters(count, seed)):
        path = folder / f"{number:05}-{letter.name}.txt"
        path.write_text(letter.text)
        paths.append(path)
    return paths


def write_mixed_folder(folder: Path, count: int) -> Path:
    """`count` letters, a tenth of them twice, new versions of some, an archive, and files that are none."""
    paths = write_letters(folder / "a", count)
    texts = [path.read_text() for path in paths]
    (folder / "b").mkdir()
    for number, text in enumerate(texts[::10]):
        (folder / "b" / f"again-{number}.txt").write_text(text.replace("\n", "\n\n"))
    for number, text in enumerate(texts[5::20]):
        (folder / "b" / f"version-{number}.txt").write_text(text + "\nThis letter was issued again.\n")
    (folder / "c").mkdir()
    (folder / "c" / "empty.txt").write_bytes(b"")
    (folder / "c" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "c" / "minutes.txt").write_text("Minutes of the meeting. Nothing was decided. " * 20)
    more = [letter.text.encode() for letter in invented_letters(count // 4, seed=2)]
    archive_of(
        folder / "c" / "more.zip",
        *((f"more/{number:03}.txt", text) for number, text in enumerate(more)),
        ("../twice.txt", more[0]),
        ("empty.txt", b""),
    )
    return folder
