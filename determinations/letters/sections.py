"""A letter's text cut at its headings, section by section."""

from collections.abc import Collection, Sequence

from determinations.letters.headings import Heading, Section


class SectionMap:
    """Offsets of sections. Each section's first heading counts, and only headings in the letter's order."""

    def __init__(self, headings: Sequence[Heading], end: int) -> None:
        self._headings = headings
        self._end = end

    def find(self, sections: Collection[Section], after: int = 0) -> Heading | None:
        """The first heading of any of the sections from an offset on."""
        return next((h for h in self._headings if h.section in sections and h.start >= after), None)

    def end_of(self, heading: Heading, until: Collection[Section]) -> int:
        """Where a section ends: at the next heading of the given sections, else at the letter's end."""
        following = self.find(until, heading.end)
        return following.start if following else self._end
