"""A call without an answer is an error of the tool, in words that say what to do; never a traceback."""

import logging
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp.types import INVALID_PARAMS
from pytest_django import Settings

from determinations.api.problems import INTERNAL_ERROR, UNAVAILABLE
from determinations.assistants.calls import ToolCallError, ToolCalls
from determinations.assistants.tools import assistant_tools
from determinations.search.columnar import patterns
from tests.assistants.calling import Assistant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("search", {"decision": ["overtuned"]}, "Did you mean “overturned”?"),
        ("search", {"servise": ["opioids"]}, "Did you mean “service”?"),
        ("search", {"service": ["medial-branch-block"]}, "Did you mean “medial-branch-blocks”?"),
        ("search", {"q": '"medial branch'}, "Did you mean “"),
        ("search", {"q": ["norco", "block"]}, "“q” takes one value"),
        ("search", {"q": {"text": "norco"}}, "“q” takes text or a number"),
        ("search", {"q": "norco\0"}, "“q” contains a character"),
        ("search", {"year": ["20\ud80014"]}, "“year” contains a character"),
        ("search", {"year": [""]}, "“year” has no value"),
        ("search", {"year": [[2014]]}, "“year” takes text or a number"),
        ("search", {"page": 99}, "There is no page 99."),
        ("search", {"page_size": 101}, "A page has 1 to 100 items"),
        ("search", {"decided_from": "yesterday"}, "yesterday"),
        ("search", {"counts": ["decisions"]}, "Did you mean “decision”?"),
        ("reasons", {"decision": ["upheld"]}, "This tool has no argument “decision”."),
        ("reasons", {"examples": 4}, "“examples” is a whole number from 0 to 3"),
        ("reasons", {"level": ["lumber"]}, "Did you mean “lumbar”?"),
        ("determination", {}, "“id” is missing."),
        ("determination", {"id": "CM14-9999999"}, "No letter on this site"),
        ("determination", {"id": ""}, "No letter on this site"),
        ("determination", {"id": "CM14-0031877", "text": "maybe"}, "“text” is true or false"),
        ("closest_determinations", {"item": "CM14-0031877.9"}, "has no item 9. It has 2 disputed items."),
        ("closest_determinations", {"item": "CM14-9999999.1"}, "No letter on this site"),
        ("closest_determinations", {"item": "CM14-0031877"}, "CM14-0031877.1, CM14-0031877.2"),
        ("closest_determinations", {"item": "CM14-0031877.1", "most": 0}, "“most” is a whole number"),
    ],
)
def test_what_cannot_be_done_is_said(
    assistant: Assistant, name: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in assistant.error(name, arguments)


def test_every_wrong_value_is_named_at_once(assistant: Assistant) -> None:
    said = assistant.error("search", {"decision": ["overtuned"], "year": ["x"], "q": "("})
    assert "overtuned" in said and "“x”" in said and "parenthesis" in said


def test_a_search_that_would_take_too_long_is_refused(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MOST_POSTINGS_OF_A_PATTERN", 0)
    for name in ("search", "reasons"):
        assert "too many letters" in assistant.error(name, {"q": "medi*"})


def test_an_unknown_tool_is_an_error_of_the_protocol(assistant: Assistant) -> None:
    refused = assistant.protocol_error("delete")
    assert refused.error.code == INVALID_PARAMS
    assert "closest_determinations" in refused.error.message


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("search", {}), ("reasons", {}), ("closest_determinations", {"item": "CM14-0031877.1"})],
)
def test_without_an_index_letters_can_still_be_read(
    settings: Settings, tmp_path: Any, assistant: Assistant, name: str, arguments: dict[str, Any]
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    assert UNAVAILABLE.title in assistant.error(name, arguments)
    assert assistant.answer("determination", {"id": "CM14-0031877"})["determination"]["items"]


def failing(error: Exception) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


def test_a_fault_of_the_site_is_logged_and_not_shown(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("determinations.assistants.tools.find_letter", failing(KeyError("secret place")))
    with caplog.at_level(logging.ERROR):
        said = assistant.error("determination", {"id": "CM14-0031877"})
    assert INTERNAL_ERROR.title in said and "secret" not in said
    assert "secret place" in caplog.text


def test_a_database_that_cannot_be_read_is_said(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = OperationalError("database disk image is malformed")
    monkeypatch.setattr("determinations.assistants.tools.find_letter", failing(broken))
    said = assistant.error("determination", {"id": "CM14-0031877"})
    assert "database cannot be read" in said and "malformed" not in said
    assert "malformed" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    name=st.sampled_from(["search", "determination", "reasons", "closest_determinations"]),
    values=st.dictionaries(
        st.sampled_from(["q", "year", "page", "counts", "id", "text", "item", "most", "examples"])
        | st.text(max_size=5),
        JSON,
        max_size=3,
    ),
)
def test_no_argument_is_a_fault_of_the_site(name: str, values: dict[str, Any]) -> None:
    tools = assistant_tools()
    try:
        ToolCalls(tools, "").run(name, values)
    except ToolCallError as error:
        assert INTERNAL_ERROR.title not in str(error)
