"""A determination as its page shows it, and the ways that lead to it."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from determinations.models import (
    CitedBy,
    Decision,
    Determination,
    GuidelineCitation,
    LetterWarning,
    LevelsFrom,
)
from determinations.models.choices import outcome_in_words
from tests.views.html import Page, read
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Determination:
    return add(
        Letter(
            "CM14-0031877",
            (
                Item(
                    "Right medial branch block at L3, L4, L5, and if successful, rhizotomy",
                    services=("medial-branch-blocks", "radiofrequency-ablation"),
                    levels=("L3", "L4", "L5"),
                    rationale="The first paragraph of the rationale.\n\nThe second paragraph.",
                ),
                Item("Norco 10/325 #60", Decision.OVERTURNED, ("opioids",), (), rationale=""),
                Item("Epidural injection", levels=("C5-C6",), levels_from=LevelsFrom.RATIONALE),
            ),
            fields={
                "assigned_on": date(2014, 6, 20),
                "injured_on": date(2007, 5, 3),
                "priority": "standard",
                "patient_age": 45,
                "patient_sex": "male",
                "licensed_in": ["California", "New York"],
            },
        )
    )


def verdicts(page: Page) -> list[bool]:
    """For each item with a sentence about both sides: whether the reviewer relied on something else."""
    return ["differs" in element.classes for element in page.all("p", class_="verdict")]


def test_the_page_opens_with_the_facts(client: Client, letter: Determination) -> None:
    page = read(client, letter.get_absolute_url())
    assert page.one("h1").text == "IMR Case No. CM14-0031877"
    facts = page.one("dl", class_="facts").text
    for fact in (
        "Decided Aug. 13, 2014",
        "Assigned June 20, 2014",
        "Date of injury May 3, 2007",
        "Priority Standard",
        "45 years old, male",
        "Pain Medicine",
        "California, New York",
    ):
        assert fact in facts


def test_outcome_and_decisions_are_said_in_words(client: Client, letter: Determination) -> None:
    page = read(client, letter.get_absolute_url())
    outcome = page.one("p", class_="outcome")
    counted = [span.text for span in page.all("span", class_="decision") if "data-items" in span.attributes]
    assert counted == [
        "2 denials upheld (denial upheld: treatment not approved)",
        "1 denial overturned (denial overturned: treatment approved)",
    ]
    assert all(words in outcome.text for words in counted)
    first, second, _ = page.all("section", class_="item")
    assert "Denial upheld: treatment not approved" in first.text
    assert "Denial overturned: treatment approved" in second.text


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([Decision.PARTIALLY_OVERTURNED], "denial overturned in part: treatment approved in part"),
        ([Decision.UPHELD, Decision.UPHELD], "denial upheld: treatment not approved"),
        ([Decision.OVERTURNED, Decision.UPHELD], "1 denial upheld, 1 denial overturned"),
        (
            [Decision.PARTIALLY_OVERTURNED, Decision.UPHELD, Decision.UNKNOWN, Decision.UPHELD],
            "2 denials upheld, 1 denial overturned in part, 1 decision not readable",
        ),
        ([], "the letter’s decision could not be read"),
    ],
)
def test_a_letter_whose_items_differ_is_not_called_as_an_item_is(
    decisions: list[Decision], words: str
) -> None:
    assert outcome_in_words(decisions) == words


def test_each_item_has_an_address_of_its_own_and_a_line_in_the_contents(
    client: Client, letter: Determination
) -> None:
    page = read(client, letter.get_absolute_url())
    assert [item.attributes["id"] for item in page.all("section", class_="item")] == [
        "item-1",
        "item-2",
        "item-3",
    ]
    contents = [a for a in page.all("a") if "reason" not in a.classes]
    anchors = [a.attributes["href"] for a in contents if a.attributes["href"].startswith("#item-")]
    assert set(anchors) == {"#item-1", "#item-2", "#item-3"}


def test_levels_read_in_the_rationale_say_so(client: Client, letter: Determination) -> None:
    first, _, third = read(client, letter.get_absolute_url()).all("section", class_="item")
    assert "Level from the rationale C5-C6" in third.text
    assert "from the rationale" not in first.text


def test_joints_that_named_nerves_supply_are_marked_as_inferred(
    client: Client, letter: Determination
) -> None:
    first, second, _ = read(client, letter.get_absolute_url()).all("section", class_="item")
    assert "Joints served by these nerves inferred, not stated L4-L5 L5-S1" in first.text
    assert "inferred" not in second.text


def test_a_vertebra_that_is_operated_on_infers_no_joint(client: Client) -> None:
    letter = add(
        Letter(
            "CM14-0000009", (Item("Kyphoplasty L4, L5", services=("other-surgery",), levels=("L4", "L5")),)
        )
    )
    assert "inferred" not in read(client, letter.get_absolute_url()).one("section", class_="item").text


def test_both_sides_guidelines_stand_side_by_side_with_their_citations(
    client: Client, letter: Determination
) -> None:
    page = read(client, letter.get_absolute_url())
    administrator, reviewer, *_ = page.all("section", class_="side")
    assert administrator.text.startswith(
        "Claims administrator relied on Decision based on mtus-acoem Low Back"
    )
    assert reviewer.text.startswith("IMR reviewer relied on MAXIMUS guideline: odg Low Back")


def test_the_rationale_keeps_its_paragraphs(client: Client, letter: Determination) -> None:
    page = read(client, letter.get_absolute_url())
    paragraphs = [p.text for p in page.all("p")]
    assert "The first paragraph of the rationale." in paragraphs
    assert "The second paragraph." in paragraphs


def test_what_is_missing_is_said(client: Client, letter: Determination) -> None:
    _, second, _ = read(client, letter.get_absolute_url()).all("section", class_="item")
    assert "No rationale could be read for this item." in second.text
    plain = add(Letter("", (Item(),), decided_on=None, specialties=()))
    facts = read(client, plain.get_absolute_url()).one("dl", class_="facts").text
    assert "Case number not in this letter" in facts
    assert "its heading gives no dates" in facts
    assert "Reviewer’s specialty not stated" in facts


def test_warnings_of_the_reader_are_shown(client: Client, letter: Determination) -> None:
    LetterWarning.objects.create(
        determination=letter, code="no_rationale", message="There is no rationale.", place="item 2"
    )
    notes = read(client, letter.get_absolute_url()).one("details", class_="reading-notes")
    assert "item 2: There is no rationale." in notes.text


@pytest.mark.parametrize("typed", ["cm14-0031877", "Cm14-0031877", "cm14-31877", "CM14-31877"])
def test_other_writings_of_the_address_lead_to_it(client: Client, letter: Determination, typed: str) -> None:
    for ending in ("", "original/", "original/download/", "items/2/similar/"):
        response = client.get(f"/determinations/{typed}/{ending}?q=a")
        assert response.status_code == 301
        assert response["Location"] == f"/determinations/CM14-0031877/{ending}?q=a"


def test_a_letter_is_found_by_its_whole_content_hash(client: Client, letter: Determination) -> None:
    response = client.get(f"/determinations/{letter.content_hash.upper()}/")
    assert response["Location"] == letter.get_absolute_url()


@pytest.mark.parametrize(
    "address", ["CM99-0000001", "nothing", "CM14-00318770", "-", "0" * 64, "a%00b", "a b"]
)
def test_an_address_of_no_letter_is_not_found(client: Client, letter: Determination, address: str) -> None:
    assert client.get(f"/determinations/{address}/").status_code == 404


def test_a_superseded_version_leads_to_the_current_one_and_back(
    client: Client, letter: Determination
) -> None:
    Determination.objects.filter(pk=letter.pk).update(is_current=False, public_id="CM14-0031877-abcdef01")
    current = add(Letter("CM14-0031877", (Item("Corrected request"),)))
    Determination.objects.filter(pk=letter.pk).update(superseded_by=current)
    old = read(client, "/determinations/CM14-0031877-abcdef01/")
    assert "This is an older version of the letter (decided Aug. 13, 2014, imported " in old.text
    assert old.link("Read the version that replaced it") == "/determinations/CM14-0031877/"
    new = read(client, "/determinations/CM14-0031877/")
    assert "Corrected request" in new.text
    assert new.one("ul", class_="versions").text.startswith("decided Aug. 13, 2014, imported ")
    assert "/determinations/CM14-0031877-abcdef01/" in [a.attributes["href"] for a in new.all("a")]


def test_each_item_shows_a_link_that_can_be_cited(client: Client, letter: Determination) -> None:
    page = read(client, letter.get_absolute_url() + "?q=rationale")
    assert page.link("Link to this item: #item-2") == "/determinations/CM14-0031877/#item-2"
    assert page.link("Read the original") == "/determinations/CM14-0031877/original/"


def test_the_reviewers_citations_say_how_they_stand_to_the_other_sides(client: Client) -> None:
    letter = add(
        Letter(
            "CM14-0000010",
            (
                Item(reviewer=(("odg", "Low Back"),), administrator=(("odg", "Low Back"),)),
                Item(reviewer=(("odg", "Pain"),), administrator=(("odg", "Low Back"),)),
                Item(reviewer=(("odg", ""), ("mtus-acoem", "")), administrator=(("odg", "Low Back"),)),
                Item(reviewer=(("odg", ""),), administrator=()),
            ),
        )
    )
    page = read(client, letter.get_absolute_url())
    same, chapter, more, unread = page.all("section", class_="item")
    assert verdicts(page) == [False, True, True], "the fourth item's other side could not be read"
    assert "same guideline and chapter or topic as the claims administrator’s" in same.text
    assert "same guideline as the claims administrator’s" in more.text
    assert "different chapter or topic" in chapter.text
    assert "not cited by the claims administrator" in more.text
    assert "claims administrator" not in unread.text.replace("Claims administrator relied on", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ACOEM, Low Back Complaints", "2004 edition (inferred from the chapter, not stated)"),
        ("ACOEM 2004, Low Back Complaints", "2004"),
        ("ACOEM 2nd edition, chapter 12", "2004"),
        ("", "2004"),
    ],
    ids=["inferred from the chapter's name", "stated", "stated as an edition", "entered by hand"],
)
def test_an_edition_that_the_letter_does_not_state_is_marked(client: Client, text: str, shown: str) -> None:
    letter = add(Letter("CM14-0000012", (Item(reviewer=(("mtus-acoem", "Low Back Complaints"),)),)))
    GuidelineCitation.objects.filter(cited_by=CitedBy.REVIEWER).update(year=2004, text=text)
    lines = [line.text for line in read(client, letter.get_absolute_url()).all("li") if "2004" in line.text]
    assert len(lines) == 1
    assert f", {shown} " in lines[0]


def test_the_chronic_pain_guidelines_are_compared_by_topic(client: Client) -> None:
    chronic_pain = (("mtus-chronic-pain", ""),)
    letter = add(Letter("CM14-0000011", (Item(reviewer=chronic_pain, administrator=chronic_pain),)))
    for side, topic in ((CitedBy.REVIEWER, "Opioids"), (CitedBy.CLAIMS_ADMINISTRATOR, "NSAIDs")):
        GuidelineCitation.objects.filter(cited_by=side).update(sections=[topic])
    page = read(client, letter.get_absolute_url())
    assert verdicts(page) == [True]
    assert "different chapter or topic" in page.one("section", class_="item").text


class TestSimilarDeterminationsOnThePage:
    WORDS = "Facet joint pain should be confirmed by controlled diagnostic blocks before any ablation."

    @pytest.fixture
    def three(self) -> Determination:
        add(Letter("CM14-0000002", (Item("Granted block", Decision.OVERTURNED, rationale=self.WORDS),)))
        add(Letter("CM14-0000003", (Item("Refused block", rationale=self.WORDS),)))
        letter = add(Letter("CM14-0000001", (Item("Block", rationale=self.WORDS), Item("Block two"))))
        index()
        return letter

    def test_the_page_fetches_the_closest_and_the_closest_of_the_opposite_outcome(
        self, client: Client, three: Determination
    ) -> None:
        letter = read(client, three.get_absolute_url())
        assert not letter.all("ul", class_="similar-lines")
        address, _ = [div.attributes["hx-get"] for div in letter.all("div", class_="closest")]
        response = client.get(address, headers={"HX-Request": "true"})
        assert "HX-Request" in response["Vary"]
        page = Page.of(response)
        (similar,) = page.all("ul", class_="similar-lines")
        assert "Granted block" in similar.text and "Refused block" in similar.text
        assert "CM14-0000002, item 1, Aug. 13, 2014" in similar.text
        (note,) = [one for one in page.all("p") if "data-opposite-in-similar" in one.attributes]
        assert note.attributes["data-opposite-in-similar"] == "1"
        compare = [a.attributes["href"] for a in page.all("a") if a.text.startswith("Compare with")]
        assert "/compare/?item=CM14-0000001.1&item=CM14-0000002.1" in compare

    def test_the_letter_is_shown_without_them_while_there_is_no_index(self, client: Client) -> None:
        letter = add(Letter("CM14-0000001"))
        page = read(client, letter.get_absolute_url())
        assert page.link("All similar determinations")
        address = page.one("div", class_="closest").attributes["hx-get"]
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 204

    def test_without_the_script_the_address_leads_to_the_page_of_similar_items(
        self, client: Client, three: Determination
    ) -> None:
        address = f"{three.get_absolute_url()}items/1"
        assert client.get(f"{address}/closest/")["Location"] == f"{address}/similar/"
        assert (
            client.get(f"{three.get_absolute_url()}items/9/closest/", headers={"HX-Request": "1"}).status_code
            == 404
        )


def test_only_people_who_may_correct_a_letter_are_led_to_its_correction(
    client: Client, letter: Determination
) -> None:
    def corrections(user: User) -> list[str]:
        client.force_login(user)
        page = read(client, letter.get_absolute_url())
        return [a.attributes["href"] for a in page.all("a") if "data-corrects" in a.attributes]

    assert corrections(User.objects.create_user("attorney")) == []
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert corrections(clerk) == []
    clerk.user_permissions.add(Permission.objects.get(codename="change_determination"))
    (address,) = corrections(User.objects.get(username="clerk"))
    assert address == f"/admin/determinations/determination/{letter.pk}/change/"
    assert "data-corrects" not in Client().get(letter.get_absolute_url()).content.decode(), (
        "nobody is signed in"
    )


def test_markup_in_a_letter_is_shown_as_text(client: Client) -> None:
    nasty = "<script>alert(1)</script> & \"quotes\" <b onclick='x'>"
    letter = add(
        Letter(
            "CM14-0000066",
            (Item(nasty, rationale=nasty, reviewer=(("odg", nasty),), levels=()),),
            summary=nasty,
            specialties=(nasty,),
            text=nasty,
        )
    )
    LetterWarning.objects.create(determination=letter, code="x", message=nasty)
    index()
    url = letter.get_absolute_url()
    for address in (
        "/",
        "/search/",
        "/?q=alert",
        url,
        f"{url}?q=alert",
        f"{url}original/",
        f"{url}items/1/similar/",
    ):
        response = client.get(address)
        assert "<script>alert" not in response.content.decode()
        assert "<b onclick" not in response.content.decode()
        page = Page.of(response)
        scripts = {script.attributes.get("src") for script in page.all("script")}
        own = {
            f"/static/determinations/{name}"
            for name in ("site.js", "cite.js", "matches.js", "passages.js", "selection.js")
        }
        assert scripts <= own
        assert not page.unbalanced


@pytest.mark.parametrize("items", [10, 12])
def test_a_page_costs_the_same_queries_whatever_the_number_of_items(
    client: Client, items: int, django_assert_max_num_queries: object
) -> None:
    letter = add(Letter("CM14-0000012", tuple(Item(f"Request {n}") for n in range(items))))
    add(Letter("CM14-0000013"))
    index()
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(letter.get_absolute_url())
