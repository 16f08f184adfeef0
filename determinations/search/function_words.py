"""Words that say nothing of a letter's subject: function words and negations, numbers and single letters.

They are found like all others. But pages that compare words leave them out, and pairs that have one are not
counted ahead of a question (`columnar.pairs`).
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


def says_something(term: str) -> bool:
    """Whether a term of the index is a word with a meaning of its own. A spinal level is one."""
    if term.isalpha():  # as nearly all are
        return len(term) > 1 and term not in _silent()
    return len(term) > 1 and any(map(str.isalpha, term)) and not is_mark(term) and term not in _silent()


@cache
def _silent() -> frozenset[str]:
    return frozenset(terms(FUNCTION_WORDS))
