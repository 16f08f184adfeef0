"""The page says how a question was read: related words, likelier words, the other reading."""

import pytest
from django.test import Client

from determinations.models import Determination
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def search(client: Client, address: str) -> Page:
    return Page.of(client.get(address))


def results(page: Page) -> int:
    return len(page.all("article", class_="result"))


def test_related_words_are_searched_and_named_and_can_be_switched_off_and_on(client: Client) -> None:
    page = search(client, "/?q=MBB&year=2014")
    assert results(page) == 1
    assert "Also searched: medial branch block" in page.text
    off = page.link("Only my words")
    assert off == "/?q=MBB&year=2014&expand=off"
    without = search(client, off)
    assert results(without) == 0
    assert "Also searched" not in without.text
    assert without.link("Search related words too") == "/?q=MBB&year=2014"


def test_a_question_without_related_words_says_nothing_of_them(client: Client) -> None:
    page = search(client, "/?q=relief&expand=off")
    assert "Also searched" not in page.text
    assert "my words" not in page.text


def test_the_switch_stays_off_while_one_goes_on(client: Client) -> None:
    page = search(client, "/?q=norco&expand=off")
    assert page.one("input", name="expand").attributes["value"] == "off"
    assert all("expand=off" in link.attributes["href"] for link in page.all("a", class_="facet-value"))


def test_a_misspelled_word_is_corrected_from_the_letters_own_words(client: Client) -> None:
    page = search(client, "/?q=radiculopaty+examination&decision=upheld")
    assert page.link("radiculopathy examination") == "/?q=radiculopathy+examination&decision=upheld"
    assert results(search(client, page.link("radiculopathy examination"))) == 1


def test_words_that_the_letters_hold_are_not_corrected(client: Client) -> None:
    assert "Did you mean" not in search(client, "/?q=radiculopathy+examination").text


def test_a_small_or_is_explained_and_the_other_reading_is_a_link(client: Client) -> None:
    page = search(client, "/?q=norco+or+ablation")
    assert page.link("norco OR ablation") == "/?q=norco+OR+ablation"
    assert results(search(client, page.link("norco OR ablation"))) == 2


@pytest.mark.parametrize("typed", ["CM14-0031877", "cm14-31877", "cm14-0031877"])
def test_a_case_number_in_any_writing_finds_its_letter(client: Client, typed: str) -> None:
    page = search(client, f"/?q={typed}")
    assert results(page) == 2
    assert "CM14-0031877" in page.one("ol", class_="results").text


@pytest.mark.parametrize("typed", ["L4-5", "L4/5", "L4-L5"])
def test_a_spinal_level_in_any_writing_is_one_word(client: Client, typed: str) -> None:
    page = Page.of(client.get("/", {"q": f"request:{typed}"}))
    assert [heading.text for heading in page.all("h3", class_="result-request")] == [
        "Medial branch block at L4-L5"
    ]


@pytest.mark.parametrize("written", ["{}", "letter {}", "{}..."])
def test_the_name_of_a_letter_without_a_number_is_a_link_to_it(client: Client, written: str) -> None:
    letter = Determination.objects.get(case_number="")
    page = search(client, f"/?q={written.format(letter.content_hash[:8])}")
    assert page.link(f"letter {letter.public_id}") == letter.get_absolute_url()
    assert page.text.count("Did you mean") == 1


def test_digits_that_name_no_letter_are_words(client: Client) -> None:
    assert "Did you mean" not in search(client, "/?q=0123456789abcdef").text


def test_a_sentence_that_names_a_letter_offers_the_letter(client: Client) -> None:
    page = search(client, "/?q=see+IMR+CM14-0031877,+page+3")
    assert results(page) == 0
    way = page.link("without “see page 3”")
    assert way == "/?q=CM14-0031877"
    assert results(search(client, way)) == 2


@pytest.mark.parametrize("typed", ["CM41-0031877", "CM14-OO31877", "CM14-0013877", "cm+14+00318771"])
def test_a_mistyped_case_number_offers_the_letter_that_has_one_like_it(client: Client, typed: str) -> None:
    page = search(client, f"/?q={typed}")
    assert results(page) == 0
    assert page.link("CM14-0031877") == "/determinations/CM14-0031877/"


def test_a_case_number_that_no_letter_has_is_named_without_advice_about_words(client: Client) -> None:
    page = search(client, "/?q=CM19-7654321")
    assert page.one("p", data_absent="CM19-7654321")
    assert page.link("does not have every letter") == "/about/"
    assert not page.all("p", data_advice="words")
    assert search(client, "/?q=zebra").one("p", data_advice="words")


@pytest.mark.parametrize("typed", ["L4-L5-S1", "L4-S1", "L4-5+and+L5-S1", "L5-S1,+L4/5"])
def test_levels_side_by_side_are_found_in_every_writing(client: Client, typed: str) -> None:
    add(
        Letter(
            "CM14-0077777", (Item("Fusion at L4-5 and L5-S1"), Item("Fusion at L4-L5-S1"), Item("L4 to S1"))
        )
    )
    index()
    assert results(search(client, f"/?q={typed}&expand=off")) == 3
