"""What cannot be run is explained, and a corrected question is offered that can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import MAX_CHARACTERS, MAX_DEPTH, MAX_PARTS, parse_query
from tests.search.query.trees import typed_text


def error_of(text: str) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as raised:
        parse_query(text)
    return raised.value


@given(typed_text())
def test_any_text_is_read_or_refused_with_a_suggestion_that_can_be_run(text: str) -> None:
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        assert error.message.endswith((".", "?"))
        if error.suggestion is not None:
            assert error.suggestion.strip()
            assert parse_query(error.suggestion) is not None


@given(st.text(alphabet="()\"- ORNTAD~*:'a", max_size=1_200))
def test_heaps_of_signs_are_read_or_refused(text: str) -> None:
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        if error.suggestion is not None:
            parse_query(error.suggestion)


@pytest.mark.parametrize(
    ("text", "says", "suggestion"),
    [
        ('"medial branch block', "quotation mark is missing", '"medial branch block"'),
        ('norco "medial branch', "quotation mark is missing", 'norco "medial branch"'),
        ('norco "', "quotation mark is missing", "norco"),
        ('6" foam "low back', "quotation mark is missing", '6" foam "low back"'),
        ('(norco "low back)', "quotation mark is missing", '(norco "low back")'),
        ('(norco ("low back)) x', "quotation mark is missing", '(norco ("low back)) x"))'),
        ('"low back (left)', "quotation mark is missing", '"low back (left)"'),
        ("(norco OR vicodin", "parenthesis is missing", "(norco OR vicodin)"),
        ("norco OR vicodin)", "parenthesis is missing", "norco OR vicodin"),
        ("((norco) -(vicodin", "parenthesis is missing", "((norco) -(vicodin))"),
        ("1) norco 2) vicodin", "parenthesis is missing", "1 norco 2 vicodin"),
        (")norco(", "parenthesis is missing", "norco"),
        ("norco AND", "follows “AND”", "norco"),
        ("norco OR", "follows “OR”", "norco"),
        ("norco NOT", "follows “NOT”", "norco"),
        ("AND norco", "nothing before it", "norco"),
        ("OR norco", "nothing before it", "norco"),
        ("norco AND OR vicodin", "follows “AND”", "norco OR vicodin"),
        ("norco OR OR vicodin", "follows “OR”", "norco OR vicodin"),
        ("norco NOT AND vicodin", "follows “NOT”", "norco AND vicodin"),
        ("(AND norco)", "nothing before it", "(norco)"),
        ("(norco OR) vicodin", "follows “OR”", "(norco) vicodin"),
        ("NOT", "follows “NOT”", None),
        ("AND", "“AND”", None),
        ("NOT NOT NOT", "follows “NOT”", None),
        ("- norco", "minus sign is alone", "norco"),
        ("norco -", "minus sign is alone", "norco"),
        ("norco AND - vicodin", "minus sign is alone", "norco AND vicodin"),
        ("--norco", "two minus signs", "-norco"),
        ("---norco", "two minus signs", "-norco"),
        ("'; DROP TABLE x;--", "minus sign is alone", "DROP TABLE x"),
        ("' OR '1'='1", "nothing before it", "'1'='1"),
        ("(norco; fusion", "parenthesis is missing", "(norco fusion)"),
        ("${jndi:ldap://x}", "no field “jndi:”", "ldap://x}"),
        ("diagnosis:pain", "no field “diagnosis:”", "pain"),
        ("diagnosis:(pain OR ache)", "no field “diagnosis:”", "(pain OR ache)"),
        ("rational:norco", "Did you mean “rationale:”", "rationale:norco"),
        ("rational: norco", "Did you mean “rationale:”", "rationale: norco"),
        ("Guidelines:odg", "Did you mean “guideline:”", "guideline:odg"),
        ("decision:upholds", "among the values", "decision:upheld"),
        ("decision:nowhere", "among the values", "nowhere"),
        ("decided:2019-02-30 norco", "a day that there is not", "norco"),
        ("decided:2021..2019", "ends before it begins", "decided:2019..2021"),
        ("decided:spring norco", "“spring” is not a date", "spring norco"),
        ("norco since:2019-x", "“2019-x” is not a date", "norco 2019-x"),
        ("rationale:", "Nothing to search follows “rationale:”", "rationale"),
        ("norco rationale: OR vicodin", "Nothing to search follows “rationale:”", "norco OR vicodin"),
        ("rationale:request:norco", "two fields", "request:norco"),
        ("rationale: low back pain", "how many words", "rationale:(low back pain)"),
        ("rationale: low back OR norco", "how many words", "rationale:(low back) OR norco"),
        ("case:norco", "not a case number", "norco"),
        ("case:31877", "not a case number", "31877"),
        ("case:CM", "not a case number", "CM"),
        ("case:(CM14-1 OR norco)", "not a case number", "(CM14-1 OR norco)"),
        ("CM14-1 AND CM15-2", "one case number", "CM14-1 OR CM15-2"),
        ("CM14-00318779", "too many digits", "CM14-0031877"),
        ("a*", "too short", "a"),
        ("*", "too short", None),
        ("norco *", "too short", "norco"),
        ("?x", "too short", "x"),
        ("a?b", "too short", "ab"),
        ('"medial b*"', "too short", '"medial b"'),
        ('"radiculopaty~ pain"', "inside quotes", "radiculopaty~ pain"),
        ('""', "nothing to search between the quotes", None),
        ('norco ""', "nothing to search between the quotes", "norco"),
        ('"," norco', "nothing to search between the quotes", "norco"),
        ("()", "nothing between the parentheses", None),
        ("norco ()", "nothing between the parentheses", "norco"),
        ("abc~", "too short for ~", "abc"),
        ("norco~2", "too short for ~2", "norco~"),
        ("radiculopaty~5", "asks for 5", "radiculopaty~2"),
        ("radiculopaty~0", "asks for 0", "radiculopaty"),
        ("10/325~", "words of letters only", "10/325"),
        ("L4-5~", "words of letters only", "L4-5"),
        ("x-ray~", "words of letters only", "x-ray"),
        ("radic*~", "mixes a wildcard", "radic*"),
        ("~norco", "wrong place", "norco"),
        ("radiculopaty ~2", "wrong place", "radiculopaty~2"),
        ('"low back" ~5', "wrong place", '"low back"~5'),
        ("(low back)~5", "wrong place", '"low back"~5'),
        ('"low back" ~ 3', "wrong place", '"low back"~3'),
        ('"low back"~ 3 norco', "needs a number", '"low back"~3 norco'),
        ('"low back"~', "needs a number", '"low back"~5'),
        ('"low back"~x', "needs a number", '"low back"~5'),
        ('"low back"~0', "from 1 to 100", '"low back"~1'),
        ('"low back"~500', "from 1 to 100", '"low back"~100'),
        ('"norco"~5', "only one word", '"norco"'),
        ("!norco", "exclamation mark", "-norco"),
        ("norco || vicodin", "write OR", "norco OR vicodin"),
        ("norco|vicodin", "write OR", "norco OR vicodin"),
        ('norco !"low back"', "exclamation mark", 'norco -"low back"'),
        ("norco /n taper", "needs a number", "norco /10 taper"),
        ("norco w/500 taper", "1 to 100 words apart", "norco w/100 taper"),
        ("norco /5", "Nothing to search follows", "norco"),
        ("norco /5 -taper", "cannot be near", "norco -taper"),
        ("norco /5 decision:upheld", "Only a word or a phrase", "norco decision:upheld"),
        ("rationale:norco /5 request:taper", "in one field", "rationale:norco request:taper"),
        ("norco NOT w/5 taper", "single places of a text", "norco -(norco w/5 taper)"),
        ("atleast3(norco)", "no meaning here", "norco"),
        ("TI(norco taper)", "no meaning here", "norco taper"),
        ("NEAR(norco taper)", "no meaning here", "norco NEAR taper"),
        ('"physical therapy" % surgery', "sign %", '"physical therapy" -surgery'),
        ("norco^4 fusion", "weight", "norco fusion"),
        ('"low back"^2', "weight", '"low back"'),
        ("(low OR back)~5", "wrong place", "(low OR back)"),
        ("norco~0.8", "wrong place", "norco~"),
        ('"low back"~-5', "needs a number", '"low back"~5'),
        ('"low back"~5.5', "needs a number", '"low back"~5'),
        ("rationale:norco,flexeril", "how many words", "rationale:(norco,flexeril)"),
        ("...", "no word or number", None),
        ("&", "no word or number", None),
        ("🙂", "no word or number", None),
        ('diagnosis:pain AND ("low', "no field", 'pain AND ("low")'),
    ],
)
def test_faults_and_their_mending(text: str, says: str, suggestion: str | None) -> None:
    error = error_of(text)
    assert says in error.message
    assert error.suggestion == suggestion


@pytest.mark.parametrize("text", ["diagnosis:pain", "norco case_no:5", "text:(norco OR vicodin)"])
def test_an_unknown_field_names_those_there_are(text: str) -> None:
    message = error_of(text).message
    for field in ("rationale:", "summary:", "request:", "guideline:", "case:"):
        assert field in message


@pytest.mark.parametrize(("typed", "word"), [("foo:bar", "“foo”"), ("diagnosis:pain", "“diagnosis”")])
def test_the_message_says_how_to_search_the_name_itself(typed: str, word: str) -> None:
    assert f"To search {word} as a word, leave the colon out." in error_of(typed).message


def test_a_long_question_says_its_limit_and_offers_its_beginning() -> None:
    text = "norco " * 170 + "vicodin"
    error = error_of(text)
    assert f"{len(text):,}" in error.message
    assert f"{MAX_CHARACTERS:,}" in error.message
    assert error.suggestion is not None
    assert text.startswith(error.suggestion)


def test_the_limit_in_characters_is_exact() -> None:
    assert parse_query("n" * MAX_CHARACTERS) is not None
    assert "characters" in error_of("n" * (MAX_CHARACTERS + 1)).message


def test_the_limit_in_parts_is_exact() -> None:
    words = [f"word{number}" for number in range(MAX_PARTS + 1)]
    assert parse_query(" ".join(words[:-1])) is not None
    error = error_of(" ".join(words))
    assert str(MAX_PARTS) in error.message
    assert error.suggestion == " ".join(words[:-1])


def test_a_phrase_counts_once() -> None:
    assert parse_query('"' + " ".join(f"w{number}" for number in range(64)) + '"') is not None


def test_brackets_may_be_nested_but_not_without_end() -> None:
    assert parse_query("(" * MAX_DEPTH + "norco" + ")" * MAX_DEPTH) is not None
    error = error_of("(" * (MAX_DEPTH + 1) + "norco" + ")" * (MAX_DEPTH + 1))
    assert str(MAX_DEPTH) in error.message
    assert error.suggestion == "norco"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000,
        ")" * 1_000,
        "-" * 1_000,
        "-(" * 500,
        "NOT " * 250,
        '"' * 999,
        "~" * 1_000,
        "*" * 1_000,
        "rationale:" * 100,
        "a:" * 500,
        "'" * 1_000,
        "'a" * 500,
        "L4-" * 333,
        "(" * 10_000_000,
        "ﷺ" * 1_000,
        "OR " * 300,
        "| " * 500,
    ],
    ids=lambda text: f"{text[:10]} x {len(text)}",
)
def test_hostile_heaps_are_read_or_refused_never_crashed_on(text: str) -> None:
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        if error.suggestion is not None:
            parse_query(error.suggestion)
