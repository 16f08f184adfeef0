"""The trees and the table of files in the documents name what there is, and all of it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "determinations"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
README = ROOT / "README.md"


def tree_of(document: Path) -> Iterator[Path]:
    """The paths that the tree of a document names: what ends with "/" or ".py" at the start of a line."""
    section = document.read_text(encoding="utf-8").split("## The tree\n")[1]
    folders: list[tuple[int, Path]] = []
    for line in section.split("```")[1].splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.match(r"(?:[\w.]+(?:/|\.py)(?= |$) ?)*", line.lstrip())
        folders = [(depth, folder) for depth, folder in folders if depth < indent]
        for name in names.group().split() if names else ():
            path = (folders[-1][1] if folders else ROOT) / name
            yield path
            if name.endswith("/"):
                folders.append((indent, path))


def packages() -> set[Path]:
    """The app's packages, those within `management` aside."""
    found = {path.parent for path in APP.rglob("__init__.py")}
    return found - {APP / "management" / "commands"}


def tracked_folders() -> set[Path]:
    """The folders at the top of the repository that hold something under version control."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a Git checkout")
    return {
        ROOT / path.split("/")[0]
        for path in listed.stdout.splitlines()
        if "/" in path and not path.startswith(".")
    }


@pytest.mark.parametrize("document", [ARCHITECTURE, README], ids=lambda path: path.name)
def test_a_tree_names_only_what_exists(document: Path) -> None:
    named = list(tree_of(document))
    assert len(named) > 20
    assert [path for path in named if not path.exists()] == []


def test_the_architecture_names_every_package_and_every_module_at_the_top_of_the_app() -> None:
    modules = {path for path in APP.glob("*.py") if path.name != "__init__.py"}
    assert (packages() | modules | tracked_folders()) - set(tree_of(ARCHITECTURE)) == set()


def test_the_readme_names_every_package_at_the_top_of_the_app() -> None:
    at_the_top = {path for path in packages() if path.parent == APP}
    assert (at_the_top | tracked_folders()) - set(tree_of(README)) == set()


def test_the_table_of_what_people_look_for_names_files_that_exist() -> None:
    table = ARCHITECTURE.read_text(encoding="utf-8").split("## Where is ...?\n")[1].split("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(rows) >= 20
    named = [re.findall(r"`([^`]+)`", row) for row in rows]
    assert all(named)
    assert [
        path for paths in named for path in paths if not any((top / path).exists() for top in (APP, ROOT))
    ] == []
