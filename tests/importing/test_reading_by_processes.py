"""A letter that kills or hangs its reader fails alone, and whoever reads beside it does not notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from determinations.importing.letter_reading import LetterRead, LetterRefused
from determinations.importing.reading_pool import ReadersUnavailableError, Reading, ReadingPool
from tests.importing.troublesome_reader import UnloadableReader, read_as_told


@pytest.fixture
def troubled_pool() -> Iterator[ReadingPool]:
    with ReadingPool(processes=2, seconds=1.0, read=read_as_told) as pool:
        yield pool


def letters_saying(folder: Path, *words: str) -> list[Path]:
    paths = []
    for number, word in enumerate(words):
        path = folder / f"{number}.txt"
        path.write_text(word)
        paths.append(path)
    return paths


def collected(pool: ReadingPool, reading: Reading) -> list[LetterRead | LetterRefused]:
    while (outcomes := pool.collect(reading, seconds=1)) is None:
        pass
    return outcomes


def codes(outcomes: list[LetterRead | LetterRefused]) -> list[str]:
    return [outcome.reason if outcome.code == "told" else outcome.code for outcome in refusals(outcomes)]


def refusals(outcomes: list[LetterRead | LetterRefused]) -> list[LetterRefused]:
    return [outcome for outcome in outcomes if isinstance(outcome, LetterRefused)]


def test_outcomes_come_in_the_order_of_the_letters(troubled_pool: ReadingPool, tmp_path: Path) -> None:
    words = [f"letter {number}" for number in range(120)]
    reading = troubled_pool.submit(letters_saying(tmp_path, *words))
    assert codes(collected(troubled_pool, reading)) == words


def test_several_groups_may_be_read_at_once(troubled_pool: ReadingPool, tmp_path: Path) -> None:
    paths = letters_saying(tmp_path, *(f"letter {number}" for number in range(60)))
    first, second = troubled_pool.submit(paths[:30]), troubled_pool.submit(paths[30:])
    assert codes(collected(troubled_pool, second)) == [f"letter {number}" for number in range(30, 60)]
    assert codes(collected(troubled_pool, first)) == [f"letter {number}" for number in range(30)]


def test_a_letter_that_kills_its_reader_fails_alone(troubled_pool: ReadingPool, tmp_path: Path) -> None:
    reading = troubled_pool.submit(letters_saying(tmp_path, "a", "die", "b", "die", "c"))
    outcomes = collected(troubled_pool, reading)
    assert codes(outcomes) == ["a", "reader_died", "b", "reader_died", "c"]
    assert "exit code -9" in refusals(outcomes)[1].reason


def test_a_letter_that_hangs_its_reader_fails_alone(troubled_pool: ReadingPool, tmp_path: Path) -> None:
    reading = troubled_pool.submit(letters_saying(tmp_path, *["a"] * 30, "hang", *["b"] * 30))
    assert codes(collected(troubled_pool, reading)) == [*["a"] * 30, "reader_too_slow", *["b"] * 30]


def test_a_letter_that_kills_its_reader_once_gets_a_second_chance(
    troubled_pool: ReadingPool, tmp_path: Path
) -> None:
    reading = troubled_pool.submit(letters_saying(tmp_path, "stumble", "a"))
    assert codes(collected(troubled_pool, reading)) == ["recovered", "a"]


def test_the_pool_goes_on_after_a_death(troubled_pool: ReadingPool, tmp_path: Path) -> None:
    collected(troubled_pool, troubled_pool.submit(letters_saying(tmp_path, "die", "die")))
    assert codes(collected(troubled_pool, troubled_pool.submit(letters_saying(tmp_path, "a", "b")))) == [
        "a",
        "b",
    ]


def test_readers_that_cannot_start_blame_no_letter(tmp_path: Path) -> None:
    with ReadingPool(processes=1, read=UnloadableReader()) as pool:
        reading = pool.submit(letters_saying(tmp_path, "a"))
        with pytest.raises(ReadersUnavailableError, match="cannot start"):
            collected(pool, reading)
