"""Whatever is typed or pasted is understood, or refused in words with a question that can be run."""

import pytest
from hypothesis import given

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import parse_query
from determinations.search.query.unparse import query_to_text
from determinations.search.text_folding import plain_characters
from tests.search.query.trees import in_any_form, typed_text

WITHOUT_SPACES = r"""
    %00 %s%n {{7*7}} ${jndi:ldap://x} ../../etc/passwd /.*/ [a-z]+ ^norco$ $500 AND OR NOT - -- ---
    -( -() -" -rationale: ---norco -~ -* ( ) (( )) )( () ((()) ("a "a( " "" a"b a"b"c "-" "*" "a*"
    "~" ' '' ''' 'norco norco' `norco` ´ “ ” “” „x“ «norco ‹x› rationale: rationale:( rationale:()
    rationale:" rationale:* rationale:AND foo:bar : :: :x x: rationale::x rationale:request:x case:
    case:* case:abc case:CM level:L4-5 http: http:// a:b:c 10:30 * ** a* *a ? ?? a? ?a ~ ~~ ~2
    word~9 word~-1 word~~ no~rco ~norco wo*d~ L4-5~ x-ray~ "a"~3 w/5 || !norco ! norco^4 ^4 😀 ﷺ L4–5
    L4—5 L4-L5-S1 L4- -L4 L4/ L9-10 ＂ａ （ａ <b>norco</b> <script>alert(1)</script> &lt;b&gt; &quot;a
    &#40;a &amp;amp; CM14-0031877? CM14- CM14-00318771 CM14-0031877-1 case:CM14-00?1877 CM14-*1
"""
WITH_SPACES = """
    '; DROP TABLE x;--
    ' OR '1'='1
    1 OR 1=1
    " OR "1"="1
    NOT NOT
    AND OR
    ( AND )
    NOT (
    norco AND
    OR norco
    norco AND AND x
    - - -
    norco --
    () OR ()
    norco ((
    (a "b)
    a (b "c) d"
    "a" "
    a "b
    " "
    "a * b"
    'don't do'
    foo: bar
    "a b"~x
    "a b"~
    "a b"~0
    "a b"~-3
    "a b"~999
    "a b" ~ 3
    (a b)~3
    near "a b"
    norco /5 x
    norco w/5 x
    norco w/5
    norco | x
    50 %
    😀 norco
    ｆｕｓｉｏｎ ＯＲ ｎｏｒｃｏ
    <a href="x">y</a>
    CM14-1 AND CM15-2
"""
ODD = (
    "\\",
    "\\\\server\\share",
    "a\\b",
    "C:\\temp",
    "norco - ",
    '"""',
    '""""',
    "rationale: ",
    "\u202enorco",
    "\u200fnorco\u200e",
    "nor\x00co",
    "\x00",
    "\ud83d",
    "\u2028a\u2029",
    "x" * 5_000,
    "a " * 600,
    "(" * 400 + "a",
    '"' + "a " * 499 + '"',
    "-" * 999,
    "\u200b" * 2_000,
    "&amp;" * 300,
)
NASTY = (*WITHOUT_SPACES.split(), *map(str.strip, WITH_SPACES.strip().splitlines()), *ODD)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_it_is_understood_or_refused_in_words(text: str) -> None:
    try:
        tree = parse_query(text)
    except QuerySyntaxError as error:
        assert error.message.strip().endswith((".", "?"))
        if error.suggestion is None:
            # Nothing can be offered only where at most one letter or digit is searched for.
            words = plain_characters(text).replace("AND", "").replace("OR", "").replace("NOT", "")
            assert sum(map(str.isalnum, words)) <= 1
        else:
            assert error.suggestion != plain_characters(text)
            assert parse_query(error.suggestion) is not None
    else:
        if tree is not None:
            assert in_any_form(parse_query(query_to_text(tree))) == in_any_form(tree)


@given(typed_text())
def test_characters_have_one_writing(text: str) -> None:
    once = plain_characters(text)
    assert "\n" not in once
    assert "“" not in once
    assert once == " ".join(once.split())
