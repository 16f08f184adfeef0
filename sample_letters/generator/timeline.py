"""When things happen in an invented case, from the injury to the determination."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from determinations.letters.parsed_letter import Layout, LetterDates

_PERIODS_OF_2013 = {
    Layout.EARLY_2013: (date(2013, 4, 1), 90),
    Layout.NOTICE_2013: (date(2013, 7, 1), 130),
    Layout.LATE_2013: (date(2013, 11, 10), 50),
}
"""First day on which a layout was in use, and for how many days."""


@dataclass(frozen=True, slots=True)
class Timeline:
    injury: date
    earlier: date
    """An earlier visit, test or procedure."""
    note: date
    """The visit at which the treatment was requested."""
    denial: date
    received: date
    assigned: date
    decided: date

    def on_the_cover(self, layout: Layout) -> LetterDates:
        """The dates that the cover prints: the notice of 2013 does not say when the case was assigned."""
        assigned = None if layout is Layout.NOTICE_2013 else self.assigned
        return LetterDates(assigned, self.injury, self.decided, self.denial, self.received)


def draw_timeline(layout: Layout, year: int, rng: Random, *, recent_injury: bool) -> Timeline:
    """Dates that fit the layout's period (`year` counts for the standard layout only) and one another."""
    first, days = _PERIODS_OF_2013.get(layout, (date(year, 1, 3), 360))
    decided = first + timedelta(days=rng.randrange(days))
    assigned = decided - timedelta(days=rng.randint(18, 60))
    received = assigned - timedelta(days=rng.randint(5, 40))
    denial = received - timedelta(days=rng.randint(4, 28))
    note = denial - timedelta(days=rng.randint(6, 24))
    earlier = note - timedelta(days=rng.randint(45, 110))
    age_of_injury = rng.randint(90, 300) if recent_injury else int(rng.triangular(400, 4200, 700))
    return Timeline(
        earlier - timedelta(days=age_of_injury), earlier, note, denial, received, assigned, decided
    )
