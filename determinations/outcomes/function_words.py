"""Words that carry no meaning of their own, left out where words are compared. Knows nothing else.

Articles, pronouns, prepositions, conjunctions and auxiliary verbs. What denies, demands or allows stays in
("not", "no", "without", "should", "may"): in a rationale those decide.
"""

FUNCTION_WORDS = """
a an the this that these those such same other another each every either neither both
i me my we us our you your he him his himself she her hers herself it its itself they them their themselves
who whom whose which what when where why how
of in on at by for from with to into onto upon about above below over under after before during since until
between among through within against along across toward towards per via as than
and or but if so because while although though whether then thus hence therefore
be am is are was were been being have has had having do does did doing done
will would shall there here also too very just only
"""
