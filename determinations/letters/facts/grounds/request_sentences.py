"""Sentences that only say what was requested: they give no reason, and say nothing of the case.

"The treating provider is requesting an EEG." is one. "The request for 12 more visits exceeds the guideline."
says more, and so does "The provider requests a study to rule out a tear."
"""

import re

_ASKS = re.compile(
    r"""\b(?:
    (?:is|was|are|were)\s+(?:(?:also|again|currently|now)\s+)?(?:requesting|asking\s+for)
    |(?:is|was|are|were)\s+being\s+requested
    |requests?\s+(?:is|was|are|were)\s+(?:again\s+|made\s+)?for
    |(?:is|was)\s+(?:a|to)\s+(?:new\s+|repeat\s+)?request
    |(?:provider|physician|doctor|surgeon|specialist|treater|patient|worker|applicant|claimant|employee|he|she|dr\.?\s+\w+)\s+
     (?:(?:has|had|also|again|now)\s+)?(?:requests|requested|asks\s+for|asked\s+for)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Another verb, a negation, or what begins a reason.
_SAYS_MORE = re.compile(
    r"""\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|should|can|cannot|could|may(?!\s+\d)|might|must
    |not?|nor|never|none|without|lack\w*|fail\w*|exceed\w*|beyond|only|despite|unclear|why
    |because|since|as|although|though|however|but|while|due|given|after|until|if|when|where|which|that|who|so|with
    |to\s+(?!the\b|all\b|both\b|his\b|her\b|\w?\d)\w+)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def only_requests(sentence: str) -> bool:
    """Whether a sentence says that something was requested, and nothing of why or whether."""
    asks = _ASKS.search(sentence)
    if asks is None or _SAYS_MORE.search(sentence, asks.end()):
        return False
    return _SAYS_MORE.search(sentence[: asks.start()]) is None
