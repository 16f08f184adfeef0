"""Reads the grounds of a decision off its rationale: why the reviewer decided as written.

`read_grounds` is the way in. The grounds, their words and their patterns are in the TOML files beside it.
"""

from determinations.letters.facts.grounds.reading import read_grounds
from determinations.letters.parsed_letter import Ground

__all__ = ["Ground", "read_grounds"]
