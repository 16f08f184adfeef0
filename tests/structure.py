"""Counts how the app's modules depend on each other: `python -m tests.structure`.

The figures are signs of how hard the code is to enter, not goals: modules, lines, imports of the app's own
modules per 1,000 lines, modules with exactly one importer (those that Django's own wiring imports counted as
well), import circles, class names for two things. `tests/test_structure.py` holds the last two at none.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "determinations"

WIRING = {f"determinations.{name}" for name in ("urls", "apps", "checks", "admin", "models")}
"""Modules through which Django finds views, signals, checks, admin pages, and models."""

DJANGO_NAMES = {"Command", "Meta", "Media"}
"""Classes that Django finds by these names, one in each file."""


def modules() -> Mapping[str, Path]:
    """Dotted name -> file of every module of the app, migrations left out."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(APP.rglob("*.py"))
        if "migrations" not in path.parts
    }


def imports(files: Mapping[str, Path]) -> Mapping[str, set[str]]:
    """Module -> the modules of the app that it imports, at its top or within a function.

    What is imported for type checkers alone does not count. Imports are absolute everywhere, as ruff checks.
    A package counts only if its own `__init__` is meant.
    """
    return {name: set(_imported(path, files)) - {name} for name, path in files.items()}


def _imported(path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    for node in _executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                if member in files:
                    yield member
                elif node.module in files:
                    yield node.module


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, without `if TYPE_CHECKING:` blocks."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from _executed(child)


def importers(graph: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, imported in graph.items():
        for other in imported:
            found[other].add(name)
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in index:
            visit(name)
    return found


def repeated_class_names(files: Mapping[str, Path]) -> Mapping[str, list[str]]:
    """Class name -> the modules that define it, for names with two or more; private names left out."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, path in files.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in DJANGO_NAMES
            ):
                homes[node.name].append(name)
    return {name: places for name, places in homes.items() if len(places) > 1}


def main() -> None:
    files = modules()
    graph = imports(files)
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in files.values())
    edges = sum(map(len, graph.values()))
    alone = {name: next(iter(found)) for name, found in importers(graph).items() if len(found) == 1}
    wired = [name for name, importer in alone.items() if importer in WIRING]
    print(f"modules                         {len(files):7,}")
    print(f"lines                           {lines:7,}")
    print(f"project imports                 {edges:7,}")
    print(f"project imports per 1,000 lines {1000 * edges / lines:7.1f}")
    print(f"modules with one importer       {len(alone):7,}")
    print(f"  of them in Django's wiring    {len(wired):7,}")
    print(f"import circles                  {len(circles(graph)):7,}")
    print(f"class names defined twice       {len(repeated_class_names(files)):7,}")


if __name__ == "__main__":
    main()
