"""The injured worker of an invented case: age and sex, the words for them, how the letter writes dates."""

from dataclasses import dataclass
from datetime import date
from random import Random

from determinations.letters.parsed_letter import Sex
from sample_letters.generator.wording import capitalized

_NAMES = ("injured worker", "injured worker", "patient", "patient", "applicant", "claimant", "employee")
_AGED = (
    "{age}-year-old {sex}",
    "{age}-year-old {sex}",
    "{age} year old {sex}",
    "{age} year-old {sex}",
    "{age} y.o. {sex}",
    "{age} y/o {sex}",
    "{age} yo {sex}",
    "{age}-year-old worker",
)
_SEXES = {Sex.FEMALE: ("female", "female", "woman"), Sex.MALE: ("male", "male", "man")}
_PRONOUNS = {Sex.FEMALE: ("she", "her", "her"), Sex.MALE: ("he", "his", "him")}
_DATE_STYLES = (
    "{m:02}/{d:02}/{y}",
    "{m:02}/{d:02}/{y}",
    "{m}/{d}/{yy:02}",
    "{month} {d}, {y}",
    "{m:02}/{d:02}/{yy:02}",
    "{m}-{d}-{y}",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """`aged` is how the letter writes age and sex, "" where it gives neither."""

    age: int | None
    sex: Sex | None
    aged: str
    called: str
    dates: str

    def date_style(self, day: date) -> str:
        """A date as this case's letter writes dates."""
        return self.dates.format(
            m=day.month, d=day.day, y=day.year, yy=day.year % 100, month=_MONTHS[day.month - 1]
        )

    def slots(self) -> dict[str, str]:
        """Words for the person; without a known sex no pronoun is used."""
        the_person = f"the {self.called}"
        he, his, him = _PRONOUNS[self.sex] if self.sex else (the_person, f"{the_person}'s", the_person)
        return {
            "the_person": the_person,
            "The_person": capitalized(the_person),
            "aged": self.aged,
            "he": he,
            "He": capitalized(he),
            "his": his,
            "him": him,
        }


def draw_person(rng: Random, above: int, below: int) -> Person:
    """A worker whose age lies strictly between two ages; some letters leave out age, sex or both."""
    called, dates = rng.choice(_NAMES), rng.choice(_DATE_STYLES)
    chance = rng.random()
    if chance < 0.05:
        return Person(None, None, "", called, dates)
    age: int | None = min(below - 1, max(above + 1, round(rng.gauss(48, 10))))
    sex: Sex | None = rng.choice((Sex.FEMALE, Sex.MALE))
    if chance < 0.09 and sex:
        return Person(None, sex, rng.choice(_SEXES[sex]), called, dates)
    form = rng.choice(_AGED)
    if "{sex}" not in form:
        sex = None
    word = rng.choice(_SEXES[sex]) if sex else ""
    return Person(age, sex, form.format(age=age, sex=word), called, dates)
