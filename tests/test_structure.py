"""No import circles, and no class name for two things; `python -m tests.structure` counts the rest."""

from tests.structure import circles, imports, modules, repeated_class_names

SHARED_NAMES = {"Phrase", "Token"}
"""A phrase and a token of the query language; a phrase of the vocabulary and a token of the index."""


def test_no_modules_import_each_other() -> None:
    assert circles(imports(modules())) == []


def test_no_class_name_stands_for_two_things() -> None:
    repeated = repeated_class_names(modules())
    assert {name: homes for name, homes in repeated.items() if name not in SHARED_NAMES} == {}
