"""What happens when a vocabulary file is wrong: the fault is named, with what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from determinations.letters.facts import reviewer
from determinations.letters.vocabulary import files, guidelines, names, services
from determinations.letters.vocabulary.checks import check_vocabulary
from determinations.letters.vocabulary.names import VocabularyError

CACHED = (
    files.read_file,
    names.service_categories,
    names._services,
    names.drugs,
    names.drug_names,
    names.guideline_sources,
    names.specialties,
    services.service_vocabulary,
    guidelines.guideline_vocabulary,
    reviewer._names,
)

Edit = Callable[[str, str, str], None]


def forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edit]:
    """Changes a copy of the vocabulary, which is then the one that is read."""
    directory = tmp_path / "vocabulary"
    shutil.copytree(files.DIRECTORY, directory)
    monkeypatch.setattr(files, "DIRECTORY", directory)
    forget()

    def replace(file: str, old: str, new: str) -> None:
        path = directory / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    yield replace
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize(
    ("file", "old", "new", "entry", "fix"),
    [
        ("services.toml", 'slug = "tens"', 'slug = "h-wave"', "h-wave", "stands twice"),
        ("services.toml", 'slug = "tens"', 'slug = "TENS unit"', "TENS unit", "lower-case"),
        (
            "services.toml",
            'slug = "tens"\ncategory = "dmepos"',
            'slug = "tens"\ncategory = "toys"',
            "tens",
            "toys",
        ),
        ("services.toml", 'label = "TENS"\n', "", "tens", "add label"),
        ("services.toml", 'label = "TENS"\n', 'label = "TENS"\nnmaes = ["x"]\n', "tens", "unknown key nmaes"),
        ("services.toml", '"TENS", ', '"H wave", "TENS", ', "h wave", "keep one"),
        ("services.toml", '"TENS", ', '"TENS", "...", ', "...", "at least one word"),
        (
            "services.toml",
            'label = "TENS"\n',
            'label = "TENS"\npatterns = [{ match = "tens [unit", example = "tens" }]\n',
            "tens",
            "cannot read",
        ),
        (
            "services.toml",
            'label = "TENS"\n',
            'label = "TENS"\npatterns = [{ match = "tens ... unit" }]\n',
            "tens",
            "needs an example",
        ),
        (
            "services.toml",
            'label = "TENS"\n',
            'label = "TENS"\npatterns = [{ match = "tens ... unit", example = "TENS device" }]\n',
            "tens",
            "needs an example that it matches",
        ),
        (
            "services.toml",
            'label = "TENS"\n',
            'label = "TENS"\npatterns = [{ match = "tens", example = "TENS unit", not = "TENS unit" }]\n',
            "tens",
            "must not",
        ),
        (
            "services.toml",
            'label = "TENS"\n',
            'label = "TENS"\npatterns = [{ match = "@toys unit", example = "TENS unit" }]\n',
            "tens",
            "no class",
        ),
        ("services.toml", 'hides = ["all"]', 'hides = ["toys"]', "RN for", "no such category"),
        (
            "services.toml",
            'yields_to = ["viscosupplementation"',
            'yields_to = ["toys"',
            "joint-injections",
            "toys",
        ),
        ("services.toml", "[classes]", "[classess]", "classes", "needs this section"),
        ("drugs.toml", "[service.opioids]", "[service.opiods]", "opiods", "no such service"),
        ("drugs.toml", 'tapentadol = ["Nucynta"', 'tapentadol = ["Soma", "Nucynta"', "Soma", "keep one"),
        ("drugs.toml", "[compounding]", "[compounding", "the file", "not valid TOML"),
        (
            "guidelines.toml",
            'source = "odg"\nname = "Burns"',
            'source = "ogd"\nname = "Burns"',
            "Burns",
            "ogd",
        ),
        ("guidelines.toml", 'name = "Burns"', 'name = "Diabetes"', "diabetes", "stands twice"),
        ("guidelines.toml", 'name = "Burns"\n', "", "[[chapter]]", "add name"),
        ("specialties.toml", '"Neurology" = [', '"Neurology" = ["Urology", ', "Urology", "keep one"),
    ],
)
def test_a_fault_is_named_with_its_file_its_entry_and_what_to_do(
    edit: Edit, file: str, old: str, new: str, entry: str, fix: str
) -> None:
    edit(file, old, new)
    with pytest.raises(VocabularyError) as error:
        check_vocabulary()
    assert error.value.file == file
    assert error.value.entry == entry
    assert fix in str(error.value)
    assert str(error.value).startswith(f"vocabulary/{file}, ")


def test_a_name_that_cannot_be_read_as_it_is_written_is_a_fault(edit: Edit) -> None:
    edit("services.toml", '"TENS", ', '"relief; of nerves", "TENS", ')
    with pytest.raises(VocabularyError, match="'relief; of nerves' is read as unclassified"):
        check_vocabulary()


def test_a_missing_file_is_a_fault(edit: Edit) -> None:
    (files.DIRECTORY / "specialties.toml").unlink()
    with pytest.raises(VocabularyError, match="it is missing"):
        check_vocabulary()
