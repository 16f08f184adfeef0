"""The eight rules of who may import whom. `docs/architecture.md` explains them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "determinations"

WITHOUT_REQUESTS = (
    "assistants",
    "case",
    "importing",
    "models",
    "search",
    "search_page",
    "statistics",
    "export",
)
QUERY_STRINGS = "determinations.search_page.address"
"""The one module below the views that has Django parse a query string."""

CALLED_BY_DJANGO = ("views", "admin")
MAY_IMPORT_VIEWS = {"determinations.urls", "determinations.middleware"}

MUTUAL = {
    # Facets show `statistics.rates`, which is values only; statistics are of a search and its facets.
    ("search_page", "statistics"),
}


@cache
def modules() -> dict[str, tuple[str, ...]]:
    """Dotted name of every module of the app and of imrsite -> the dotted names that it imports."""
    paths = (path for folder in (APP, ROOT / "imrsite") for path in folder.rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tuple(
            imports_of(path)
        )
        for path in paths
    }


def imports_of(path: Path) -> Iterator[str]:
    """Imports are absolute everywhere (ruff holds that), so a name is what the statement says."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def app(*packages: str) -> tuple[str, ...]:
    return tuple(f"determinations.{package}" for package in packages)


def violations(importers: tuple[str, ...], forbidden: tuple[str, ...]) -> list[tuple[str, str]]:
    """Imports of `forbidden` packages by modules of `importers`; fails if no module is there to check."""
    checked = [name for name in modules() if within(name, *importers)]
    assert checked, importers
    return sorted(
        {(name, found) for name in checked for found in modules()[name] if within(found, *forbidden)}
    )


def test_reading_letters_needs_neither_django_nor_search() -> None:
    forbidden = ("django", "whoosh", *app("models", "search"))
    assert violations(app("letters"), forbidden) == []
    # The classifier sums rows of coefficients with it.
    assert {name for name, _ in violations(app("letters"), ("numpy",))} == set(
        app("letters.facts.grounds.classifier")
    )


def test_whoosh_is_imported_by_the_columnar_engine_only() -> None:
    found = violations(("determinations", "imrsite"), ("whoosh",))
    assert [pair for pair in found if not within(pair[0], *app("search.columnar"))] == []
    assert found


def test_the_sdk_for_assistants_is_imported_by_one_module() -> None:
    found = violations(("determinations", "imrsite"), ("mcp",))
    assert {name for name, _ in found} == {"determinations.assistants.protocol"}


def test_engines_know_no_models() -> None:
    assert violations(app("search.columnar"), ("django.db", *app("models", "search.documents"))) == []


def test_the_engine_boundary_needs_neither_django_nor_whoosh_nor_numpy() -> None:
    boundary = app("search.interface", "search.facets", "search.query.nodes", "search.query.language")
    forbidden = ("django", "whoosh", "numpy", "pyroaring", *app("models"))
    assert violations(boundary, forbidden) == []


def test_nobody_imports_views_or_admin() -> None:
    found = violations(("determinations",), app(*CALLED_BY_DJANGO))
    inside = app(*CALLED_BY_DJANGO)
    assert [pair for pair in found if not within(pair[0], *inside) and pair[0] not in MAY_IMPORT_VIEWS] == []


def test_nobody_names_an_engine() -> None:
    found = violations(("determinations",), app("search.columnar"))
    assert [pair for pair in found if not within(pair[0], *app("search.columnar"))] == []


def test_below_the_views_nobody_knows_a_web_request() -> None:
    found = violations(app(*WITHOUT_REQUESTS), ("django.http",))
    assert {name for name, _ in found} == {QUERY_STRINGS}


def test_no_two_packages_import_each_other_but_those_named() -> None:
    known: dict[str, set[str]] = {}
    for name, imported in modules().items():
        parts = name.split(".")
        if parts[0] == "determinations" and (APP / parts[1]).is_dir() if len(parts) > 1 else False:
            known.setdefault(parts[1], set()).update(
                found.split(".")[1] for found in imported if within(found, "determinations") and "." in found
            )
    mutual = {(one, other) for one in known for other in known[one] if one in known.get(other, ())}
    assert {pair for pair in mutual if pair[0] < pair[1]} == MUTUAL
