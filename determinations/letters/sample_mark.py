"""How an invented letter says that it is invented, so that no one takes it for a real determination."""

INVENTED_MARK = "INVENTED SAMPLE LETTER"
"""Opens the first line of every letter of `sample_letters/`; the reader strips that line."""

INVENTED_LINE = f"{INVENTED_MARK} - not a real determination; made by sample_letters/generator"
"""The whole first line, as the generator writes it."""

_WITHIN = 1_000
"""Characters from the start in which the mark is looked for: a page header may come before it."""


def is_invented(text: str) -> bool:
    """Whether the letter's text declares itself invented."""
    return INVENTED_MARK in text[:_WITHIN]
