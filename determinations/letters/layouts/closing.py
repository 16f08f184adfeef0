"""What follows the last rationale: disclaimer, effect of the decision, signature and copies.

None of it belongs to a rationale, and none of it is furniture, since it stands once.
"""

import re

_CLOSING = re.compile(
    r"""
    ^(?:
      Disclaimer[ ]?:[ \n]?(?:MAXIMUS|The|This|IMR)
      |MAXIMUS[ \n](?:Federal[ \n]Services,?[ \n](?:Inc\.?,?[ \n])?)?
         is[ \n](?:providing|not[ \n](?:engaged|liable))
      |Effect[ \n]of[ \n](?:the|this)[ \n](?:Decision|Determination)[ ]?:?
      |The[ \n](?:final[ \n])?determination[ \n]of[ \n]MAXIMUS
      |This[ \n]determination[ \n]is[ \n]binding
      |In[ \n]accordance[ \n]with[ \n](?:California[ \n])?Labor[ \n]Code
      |In[ \n]certain[ \n]limited[ \n]circumstances,?[ \n]you[ \n]can[ \n]appeal
      |(?:Very[ \n]truly[ \n]yours|Sincerely(?:[ \n]yours)?|Respectfully(?:[ \n]submitted)?|Regards
         |Yours[ \n]truly)[ ]?(?:,|$)
      |(?:Electronically|Digitally)[ \n](?:signed|approved)\b
      |Dear[ \n][^\n]{1,80}[:,]?$
      |(?:cc|c\.c\.|Enclosures?|Encl?\.?)[ ]?:
      |/[ ]?[A-Za-z]{2,4}$
      |[A-Z][a-z]+(?:[ ][A-Z]\.?)?[ ][A-Z][a-z]+,[ ](?:M\.?D\.?|D\.?O\.?)\b[^\n]{0,30}$
      |(?:Chief[ ])?Medical[ ]Director[,.]?$
      |(?:EXPERT|PHYSICIAN|MEDICAL)[ \n]REVIEWER[ \n](?:SIGNATURE|ATTESTATION)
      |(?:Copyright|©|\(c\))[ ]
    )
    """,
    re.VERBOSE | re.MULTILINE,
)


def end_of_letter_body(text: str, start: int, end: int) -> int:
    """Where the closing matter begins between two offsets of the letter, else `end`."""
    match = _CLOSING.search(text, start, end)
    return match.start() if match else end
