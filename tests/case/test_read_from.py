"""From a fact on the case page to its place in the letter, and what a person corrected."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from determinations.importing.letter_storage import item_fields, letter_fields
from determinations.letters.parse import parse_letter
from determinations.models import Decision, Determination, DisputedItem, GuidelineCitation
from tests.letters.invented import item, standard_letter
from tests.views.html import Page, read
from tests.views.library import Letter, add

pytestmark = pytest.mark.django_db

PARTLY = (
    "Physical therapy 12 sessions was the original request. 6 sessions of physical therapy was authorized "
    "by the Claims Administrator. The remaining IMR eligible portion of the original request, Physical "
    "therapy 6 additional sessions is: Overturned"
)
TEXT = standard_letter(
    item("Norco 10/325mg #60: Overturned"),
    item(PARTLY, rationale="The therapy is medically necessary."),
    cover="Case Number: CM15-0001234 Date Assigned: 06/20/2015\nDecision Date: 08/13/2015\n\n",
)


@pytest.fixture
def letter() -> Determination:
    """The letter as an import would store it."""
    read = parse_letter(TEXT)
    row = add(Letter("CM15-0001234", (), text=TEXT, fields=letter_fields(read)))
    for one in read.items:
        stored = DisputedItem.objects.create(determination=row, position=one.position, **item_fields(one))
        for side, cited in (
            ("claims_administrator", one.claims_administrator_citations),
            ("reviewer", one.reviewer_citations),
        ):
            for citation in cited:
                GuidelineCitation.objects.create(
                    item=stored, cited_by=side, source=citation.source, chapter=citation.chapter or ""
                )
    row.set_outcome()
    row.save()
    return row


def sources(page: Page) -> dict[str, str]:
    """Fact -> address of its place in the letter."""
    links = [a.attributes["href"] for a in page.all("a", class_="read-from")]
    return {parse_qs(urlsplit(link).query)["fact"][0]: link for link in links}


def marked(client: Client, address: str) -> list[str]:
    return [mark.text for mark in read(client, address).all("mark")]


def test_each_fact_leads_to_the_words_that_state_it(client: Client, letter: Determination) -> None:
    found = sources(read(client, letter.get_absolute_url()))
    words = {fact: marked(client, address) for fact, address in found.items()}
    assert words["dates.decision"][0].endswith("Date: 08/13/2015")
    assert words["reviewer.specialties"] == ["Pain Medicine"]
    assert words["patient"] == ["52 year old female"]
    assert words["items[0].request"] == ["Norco 10/325mg #60"]
    assert words["items[0].decision"] == ["Overturned"]
    assert words["items[0].services[0]"] == ["Norco"]
    without = [fact for fact, places in words.items() if len(places) != 1]
    assert without == []


def test_the_address_leads_to_the_first_marked_place(client: Client, letter: Determination) -> None:
    address = sources(read(client, letter.get_absolute_url()))["items[1].decision"]
    assert address.endswith("#read")
    page = read(client, address)
    assert page.one("mark").attributes["id"] == "read"
    assert page.one("pre").text.split() == TEXT.split()
    assert "Item 2, decision, read from: “Overturned”" in page.one("p", class_="read-from-line").text
    assert page.link("CM15-0001234") == f"{letter.get_absolute_url()}#item-2"


def test_a_decision_that_the_rationale_contradicts_is_marked(client: Client, letter: Determination) -> None:
    letter.warnings.create(code="rationale_contradicts_decision", message="!", place="item 1")
    page = read(client, letter.get_absolute_url())
    doubted = ["uncertain" in section.text for section in page.all("section", class_="item")]
    assert doubted == [True, False]
    assert read(client, sources(page)["items[0].decision"]).all("span", class_="uncertain")
    assert not read(client, sources(page)["items[0].request"]).all("span", class_="uncertain")


@pytest.mark.parametrize("fact", ["items[7].decision", "items[0].laterality"])
def test_a_fact_that_the_letter_does_not_state_marks_nothing(
    client: Client, letter: Determination, fact: str
) -> None:
    page = read(client, f"{letter.get_absolute_url()}text/?fact={fact}")
    assert page.all("mark") == []
    assert page.all("p", class_="notice")


@pytest.mark.parametrize("fact", ["", "nonsense", "items[99999999999].x", "<b>"])
def test_the_text_is_shown_without_a_fact(client: Client, letter: Determination, fact: str) -> None:
    page = read(client, f"{letter.get_absolute_url()}text/?fact={fact}")
    assert page.all("mark") == []
    assert page.one("pre").text.split() == TEXT.split()


def test_a_text_that_is_no_letter_any_more_is_still_shown(client: Client) -> None:
    letter = add(Letter("CM14-0031877", text="Nothing of a determination."))
    page = read(client, f"{letter.get_absolute_url()}text/?fact=items[0].decision")
    assert page.one("pre").text == "Nothing of a determination."


def test_the_disputed_portion_is_the_title_and_the_whole_heading_is_on_the_page(
    client: Client, letter: Determination
) -> None:
    page = read(client, letter.get_absolute_url())
    assert page.one("h2", id="item-1-heading").text == "Norco 10/325mg #60"
    assert page.one("h2", id="item-2-heading").text == "Physical therapy 6 additional sessions"
    assert "was the original request" in page.one("p", class_="whole-heading").text


def correct(admin_client: Client, one: DisputedItem, **values: str) -> None:
    """Corrects an item on its page in the admin."""
    address = f"/admin/determinations/disputeditem/{one.pk}/change/"
    form = admin_client.get(address).context["adminform"].form
    data: dict[str, object] = {
        name: value for name in form.fields if (value := form[name].value()) is not None
    }
    for formset in admin_client.get(address).context["inline_admin_formsets"]:
        for name, value in formset.formset.management_form.initial.items():
            data[f"{formset.formset.prefix}-{name}"] = 0 if name.endswith("_FORMS") else value
    response = admin_client.post(address, {**data, **values})
    assert response.status_code == 302, response.context["errors"]


def test_a_corrected_fact_says_so_and_when_and_what_the_letter_says(
    admin_client: Client, letter: Determination
) -> None:
    assert read(admin_client, letter.get_absolute_url()).all("p", class_="corrected") == []
    one = letter.items.get(position=1)
    correct(admin_client, one, decision=Decision.UPHELD.value)
    one.refresh_from_db()
    assert one.corrected_fields == ["decision"]
    page = read(admin_client, letter.get_absolute_url())
    note = page.one("p", class_="corrected")
    assert note.text.startswith("Decision corrected on ")
    assert "; the letter says Overturned" in note.text
    assert marked(admin_client, page.link("See the letter: Decision")) == ["Overturned"]


def test_a_correction_that_the_log_does_not_name_has_no_date(client: Client, letter: Determination) -> None:
    assert User.objects.count() == 0
    letter.patient_age, letter.corrected_fields = 33, ["patient_age"]
    letter.save()
    note = read(client, letter.get_absolute_url()).one("p", class_="corrected")
    assert note.text.startswith("Patient age corrected; the letter says 52.")
