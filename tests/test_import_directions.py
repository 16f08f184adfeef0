"""Who may import whom, held file by file: reading, searching and showing stay apart."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "determinations"

NOT_FOR_THE_READER = {"django", "whoosh", "numpy", "determinations.models", "determinations.search"}
WITHOUT_REQUESTS = (
    "case",
    "citing",
    "comparing",
    "figures",
    "importing",
    "models",
    "outcomes",
    "search",
    "searching",
    "take_away",
)
QUERY_STRINGS = APP / "searching" / "typed_parameters.py"
"""The one place that has Django take a query string apart."""

MUTUAL = {
    # Facets show `outcomes.rates`, which is values only; breakdowns are named by `searching.facet_labels`.
    ("outcomes", "searching"),
}

CALLED_BY_DJANGO_ALONE = {"determinations.views", "determinations.admin"}


def modules(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Absolute dotted names that the file imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join((*base, *([node.module] if node.module else [])))
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(APP / "letters"), ids=relative)
def test_the_reader_knows_neither_django_nor_search(path: Path) -> None:
    assert [name for name in imports_of(path) if within(name, NOT_FOR_THE_READER)] == []


@pytest.mark.parametrize("path", modules(APP, ROOT / "imrsite"), ids=relative)
def test_whoosh_is_imported_in_one_package_only(path: Path) -> None:
    if "whoosh_engine" not in path.parts:
        assert [name for name in imports_of(path) if within(name, {"whoosh"})] == []


@pytest.mark.parametrize("path", modules(APP / "search" / "whoosh_engine"), ids=relative)
def test_engines_know_no_models(path: Path) -> None:
    forbidden = {"determinations.models", "determinations.search.documents", "django.db"}
    assert [name for name in imports_of(path) if within(name, forbidden)] == []


@pytest.mark.parametrize(
    "name", ["interface.py", "facets.py", "query_tree.py", "query_text.py"], ids=lambda name: str(name)
)
def test_the_engine_boundary_needs_the_standard_library_only(name: str) -> None:
    outside = {"django", "whoosh", "numpy", "pyroaring", "determinations.models", "determinations.letters"}
    assert [found for found in imports_of(APP / "search" / name) if within(found, outside)] == []


@pytest.mark.parametrize("path", modules(APP), ids=relative)
def test_nobody_imports_views_or_admin(path: Path) -> None:
    if path.parent == APP and path.name in {"urls.py", "views.py", "admin.py"}:
        return
    if {"views", "admin"} & set(path.relative_to(APP).parts[:-1]):
        return
    assert [name for name in imports_of(path) if within(name, CALLED_BY_DJANGO_ALONE)] == []


@pytest.mark.parametrize("path", modules(APP), ids=relative)
def test_only_the_factory_names_an_engine(path: Path) -> None:
    if path.name == "engines.py" or "whoosh_engine" in path.parts:
        return
    assert [name for name in imports_of(path) if within(name, {"determinations.search.whoosh_engine"})] == []


@pytest.mark.parametrize("path", modules(*(APP / name for name in WITHOUT_REQUESTS)), ids=relative)
def test_below_the_views_nobody_knows_a_web_request(path: Path) -> None:
    known = {"django.http", "django.http.QueryDict"} if path == QUERY_STRINGS else set()
    assert {name for name in imports_of(path) if within(name, {"django.http"})} == known


def test_no_two_packages_import_each_other_but_those_named() -> None:
    known: dict[str, set[str]] = {}
    for path in modules(APP):
        package, *inside = path.relative_to(APP).parts
        if inside:
            names = (name.split(".") for name in imports_of(path) if name.startswith(f"{APP.name}."))
            known.setdefault(package, set()).update(parts[1] for parts in names)
    mutual = {(one, other) for one in known for other in known[one] if one in known.get(other, ())}
    assert {(one, other) for one, other in mutual if one < other} == MUTUAL
