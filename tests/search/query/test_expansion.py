"""Equivalent terms are added in sight, where they belong and nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import given

from determinations.search.query.language import parse_query
from determinations.search.query.nodes import All, AnyOf, Node, Not, Phrase, Word
from determinations.search.query.synonyms import RELATED_WEIGHT, Addition, expand
from determinations.search.query.unparse import query_to_text
from tests.search.query.trees import in_any_form, trees


def parsed(text: str) -> Node:
    node = parse_query(text)
    assert node is not None
    return node


def unweighed(node: Node) -> Node:
    """The tree as if everything in it had been typed."""
    match node:
        case All(parts):
            return All(tuple(map(unweighed, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(unweighed, parts)))
        case Not(part):
            return Not(unweighed(part))
        case Word() | Phrase():
            return replace(node, weight=1.0)
        case _:
            return node


def added(text: str) -> Node:
    node = parsed(text)
    assert isinstance(node, Word | Phrase)
    return replace(node, weight=RELATED_WEIGHT, exact=False)


def leaves(node: Node) -> set[Node]:
    return set(node.parts) if isinstance(node, AnyOf) else {node}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MBB", '"medial branch block"'),
        ("mbb", '"facet nerve block"'),
        ("MBBs", '"medial branch block"'),
        ("medial branch block", "MBB"),
        ("Medial Branch Blocks", "MBB"),
        ("medial branch block", "MBB"),
        ("RFA", '"radiofrequency ablation"'),
        ("RFA", "rhizotomy"),
        ("rhizotomies", '"radiofrequency ablation"'),
        ("ESI", '"epidural steroid injection"'),
        ("ESIs", '"epidural steroid injection"'),
        ("LESI", '"lumbar epidural steroid injection"'),
        ("TFESI", '"transforaminal epidural"'),
        ("ESI", "LESI"),
        ("ESI", "CESI"),
        ("ESI", "TFESI"),
        ("epidural steroid injections", "ILESI"),
        ("oxycodone", "Percocet"),
        ("discectomy", "microdiscectomy"),
        ("lidoderm", '"lidocaine 5% patch"'),
        ("EMG/NCV", '"EMG and NCS"'),
        ("NCS/EMG", "EMG/NCV"),
        ("PT/INR", '"prothrombin time"'),
        ("PT", '"physical therapy"'),
        ("physical therapy", "PT"),
        ("OT", '"occupational therapy"'),
        ("TENS", '"transcutaneous electrical nerve stimulation"'),
        ("UDS", '"urine drug screen"'),
        ("UDS", "UDT"),
        ("FCE", '"functional capacity evaluation"'),
        ("FRP", '"functional restoration program"'),
        ("EMG/NCV", "EMG/NCS"),
        ("EMG", "electromyography"),
        ("NCV", '"nerve conduction study"'),
        ("SCS", '"spinal cord stimulator"'),
        ("TPI", '"trigger point injection"'),
        ("LSO", '"lumbosacral orthosis"'),
        ("ACDF", '"anterior cervical discectomy and fusion"'),
        ("H wave unit", "H-wave"),
        ("IF unit", '"interferential unit"'),
        ("Norco", "hydrocodone"),
        ("vicodin", "Norco"),
        ("hydrocodone/APAP", "Norco"),
        ("flexeril", "cyclobenzaprine"),
        ("cyclobenzaprine", "Fexmid"),
        ("neurontin", "gabapentin"),
        ("Lidoderm", '"lidocaine patch"'),
        ("tylenol #3", "acetaminophen/codeine"),
        ("x-rays", "radiograph"),
        ("x ray", "radiograph"),
        ("ODG", '"Official Disability Guidelines"'),
    ],
)
def test_a_term_also_finds_its_equivalents(typed: str, found: str) -> None:
    expansion = expand(parsed(typed))
    assert parsed(typed) in leaves(expansion.node)
    assert added(found) in leaves(expansion.node), "at a smaller weight"
    (addition,) = expansion.added
    assert addition.word == " ".join(typed.replace('"', " ").split())
    assert found.strip('"') in addition.alternatives


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("flexeril L4-5", "(flexeril OR cyclobenzaprine OR Fexmid OR Amrix) L4-L5"),
        ("flexeril OR fusion", "flexeril OR cyclobenzaprine OR Fexmid OR Amrix OR fusion"),
        ("rationale:lyrica", "rationale:(lyrica OR pregabalin)"),
        (
            "request:(SI joint)",
            'request:((SI joint) OR "sacroiliac joint" OR SIJ OR "sacro-iliac joint")',
        ),
        ("request:lyrica fusion", "request:(lyrica OR pregabalin) fusion"),
        ("left carpal tunnel release", "left ((carpal tunnel release) OR CTR)"),
        ("lyrica -fusion", "(lyrica OR pregabalin) -fusion"),
        ("(lyrica OR soma) fusion", "(lyrica OR pregabalin OR soma OR carisoprodol) fusion"),
        (
            "lumbar ESI denied",
            '(lumbar ESI OR "lumbar epidural steroid injection" OR LESI OR "lumbar epidural injection") '
            "denied",
        ),
    ],
)
def test_where_equivalents_go(typed: str, expanded: str) -> None:
    assert query_to_text(expand(parsed(typed)).node) == query_to_text(parsed(expanded))


@pytest.mark.parametrize(
    "typed",
    [
        "fusion",
        "L4-5",
        "CM14-31877",
        "ten visits",
        "CRP",
        "-lyrica",
        "fusion -lyrica",
        "-(lyrica OR soma)",
        "lyric*",
        "lyrica~",
        '"medial branch block"~5',
        '"medial branch block"',
        '"norco"',
        "norco w/5 taper",
        "block branch medial",
        "medial rationale:branch block",
        "request:medial branch block",
        '"bilateral medial branch block at"',
        "norco -hydrocodone",
        "norco vicodin",
        "norco OR vicodin",
    ],
)
def test_what_is_left_as_typed(typed: str) -> None:
    expansion = expand(parsed(typed))
    assert expansion.node == parsed(typed)
    assert expansion.added == ()


@pytest.mark.parametrize("typed", ["postoperative", "post-operative", "post operative"])
def test_a_compound_has_its_equivalents_in_each_writing(typed: str) -> None:
    (addition,) = expand(parsed(typed)).added
    assert "after surgery" in addition.alternatives


def test_an_ambiguous_abbreviation_is_understood_but_never_added() -> None:
    """In most letters "RFA" is the request for authorization."""
    assert expand(parsed("RFA")).added
    for typed in ("rhizotomy", "radiofrequency ablation"):
        assert "RFA" not in expand(parsed(typed)).added[0].alternatives


def test_additions_are_told_once_and_in_words() -> None:
    expansion = expand(parsed("rationale:lyrica OR summary:Lyrica"))
    assert expansion.added == (Addition("lyrica", ("pregabalin",)),)
    assert str(expansion.added[0]) == "pregabalin (for lyrica)"
    assert leaves(expansion.node) == {
        Word("lyrica", "rationale"),
        Word("pregabalin", "rationale", RELATED_WEIGHT),
        Word("Lyrica", "summary"),
        Word("pregabalin", "summary", RELATED_WEIGHT),
    }


@given(trees())
def test_an_expanded_question_is_in_normal_form(tree: Node) -> None:
    expanded = unweighed(expand(tree).node)
    assert in_any_form(parse_query(query_to_text(expanded))) == in_any_form(expanded)
