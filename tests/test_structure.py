"""No import circles, and no class name for two things; `python -m tests.structure` counts the rest."""

from tests.structure import circles, imports, modules, repeated_class_names


def test_no_modules_import_each_other() -> None:
    assert circles(imports(modules())) == []


def test_no_class_name_stands_for_two_things() -> None:
    assert repeated_class_names(modules()) == {}
