"""Makes invented IMR letters: `python -m sample_letters.generator --help`.

material -> cases (values and prose) -> render (a letter's text) -> disturb, pdf. Reads no letter and knows
no parser: what it makes is the measure for those that do.
"""

from sample_letters.generator.collection import InventedLetter, invented_letters
from sample_letters.generator.render import Manner, render_letter

__all__ = ["InventedLetter", "Manner", "invented_letters", "render_letter"]
