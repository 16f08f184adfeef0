"""Content words, and the function words that are none: articles, prepositions, auxiliaries, negations.

The index has no stop words: function words are found like all others. But pages that compare words list
content words only, and only pairs of content words are counted ahead of a question (`columnar.pairs`).
"""

from functools import cache

from determinations.search.analysis import is_mark, terms

FUNCTION_WORDS = """
a an the this that these those such same other another each every either neither both
i me my we us our you your he him his himself she her hers herself it its itself they them their themselves
who whom whose which what when where why how
of in on at by for from with to into onto upon about above below over under after before during since until
between among through within against along across toward towards per via as than
and or but if so because while although though whether then thus hence therefore
be am is are was were been being have has had having do does did doing done
will would shall should can could may might must there here also too very just only
no not nor none never nothing neither cannot without lack lacks lacked lacking
"""


def is_content_word(term: str) -> bool:
    """Whether a term of the index is a content word: a spinal level is, a number or a letter is not."""
    if len(term) == 1 or term in _function_terms():
        return False
    return term.isalpha() or (any(map(str.isalpha, term)) and not is_mark(term))


@cache
def _function_terms() -> frozenset[str]:
    return frozenset(terms(FUNCTION_WORDS))
