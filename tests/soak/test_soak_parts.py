"""What a soak counts as lost, and what it sends as a form."""

from time import monotonic

from tests.soak.ledger import SECONDS_AFTER_A_KILL, Ledger
from tests.soak.visitors import Form


def test_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    ledger = Ledger()
    ledger.taken_in({"a", "b"})
    ledger.correction(1, "one", acknowledged=True)
    ledger.correction(2, "two", acknowledged=True)
    assert ledger.missing({"a", "b"}, {1: "one", 2: "two"}) == []
    lost = ledger.missing({"b"}, {1: "other"})
    assert len(lost) == 3
    assert all(any(what in one for one in lost) for what in ("letter a ", "letter 1 ", "letter 2 "))


def test_a_correction_without_an_answer_may_be_there_or_not() -> None:
    ledger = Ledger()
    ledger.correction(1, "one", acknowledged=True)
    ledger.correction(1, "cut off", acknowledged=False)
    assert ledger.missing((), {1: "one"}) == ledger.missing((), {1: "cut off"}) == []
    assert len(ledger.missing((), {1: "other"})) == 1
    ledger.correction(1, "last", acknowledged=True)
    assert len(ledger.missing((), {1: "cut off"})) == 1


def test_only_announced_errors_are_no_faults() -> None:
    ledger = Ledger()
    for status in (200, 302, 404, 429, 503):
        ledger.answered("/", status, 0.1)
    assert ledger.faults == []
    ledger.answered("/", 500, 0.1)
    ledger.answered("/", 502, 0.1)
    assert len(ledger.faults) == 2


def test_a_request_cut_off_is_a_fault_unless_something_was_killed_shortly_before() -> None:
    ledger = Ledger()
    ledger.cut_off("/", "reset", monotonic())
    assert len(ledger.faults) == 1
    ledger.killed("a web worker")
    ledger.cut_off("/", "reset", monotonic())
    assert len(ledger.faults) == 1
    ledger.cut_off("/", "reset", monotonic() + SECONDS_AFTER_A_KILL + 1)
    assert len(ledger.faults) == 2


def test_a_request_cut_off_before_the_kill_returns_or_while_the_site_is_starting_is_no_fault() -> None:
    ledger = Ledger()
    started = monotonic()
    ledger.went_down()
    ledger.cut_off("/", "reset", started)
    ledger.cut_off("/", "refused", started + SECONDS_AFTER_A_KILL + 1)
    assert ledger.faults == []
    ledger.came_back()
    ledger.cut_off("/", "reset", monotonic() + SECONDS_AFTER_A_KILL + 1)
    assert len(ledger.faults) == 1


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    page = """
      <form id="search"><input name="q" value="no"></form>
      <form id="it"><input name="a" value="1"><input type="checkbox" name="b"><input type="submit" name="c">
      <input type="checkbox" name="d" checked value="on"><textarea name="e">\n two &amp; three</textarea>
      <select name="f" multiple><option value="x" selected>X<option value="y"><option value="z" selected>
      </select></form><input name="g">"""
    assert Form(page, "it").fields == {"a": ["1"], "d": ["on"], "e": [" two & three"], "f": ["x", "z"]}
