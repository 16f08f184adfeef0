"""What the list of new items says of each: the parts that matched, corrections, one's own note of why."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from determinations.models import AlertTiming, Determination, DisputedItem, SavedSearch
from determinations.research.alerts import send_alerts
from determinations.research.new_items import new_items
from determinations.research.saved_searches import read_saved, save
from determinations.search.engines import search_engine
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def follow(user: User, query: str, reason: str = "") -> SavedSearch:
    saved = save(user, "", query, search_engine()).saved
    saved.alerts, saved.reason = AlertTiming.AT_ONCE, reason
    saved.save()
    return saved


def mailed() -> str:
    send_alerts(search_engine(), "https://imr.example.org")
    return str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("q=zebra", ("request", "rationale")),
        ("q=request:zebra", ("request",)),
        ("q=odg", ("guideline",)),
        ("q=ointment", ("rationale",)),
        ("service=opioids", ()),
    ],
)
def test_the_parts_that_matched_are_named(query: str, parts: tuple[str, ...]) -> None:
    letter = add(
        Letter(
            "CM20-0000001",
            (Item("Zebra cream", services=("opioids",), rationale="Zebra ointment is not supported."),),
        )
    )
    index()
    (new,) = new_items([letter.items.get().pk], read_saved(query), search_engine())
    assert new.matched_in == parts
    assert new.correction == ""


def test_the_email_and_the_page_name_the_parts_and_the_reason(client: Client, ana: User) -> None:
    saved = follow(ana, "q=zebra", "Client Smith\nuses zebra cream")
    add(Letter("CM20-0000001", (Item("Zebra cream", rationale="Not supported."),)))
    index()
    body = mailed()
    assert "Matched in: request" in body
    assert "Why you follow it: Client Smith uses zebra cream" in body
    client.force_login(ana)
    page = Page.of(client.get(f"/saved/{saved.pk}/"))
    assert [hint.attributes["data-matched-in"] for hint in page.all("p", class_="hint")] == ["request"]
    assert "Client Smith" in page.text


def test_a_corrected_letter_is_called_a_correction(client: Client, ana: User) -> None:
    saved = follow(ana, "q=zebra")
    old = add(Letter("CM20-0000001", (Item("Zebra cream"),)))
    index()
    assert "Correction" not in mailed()
    Determination.objects.filter(pk=old.pk).update(is_current=False, public_id="CM20-0000001-old")
    new = add(Letter("CM20-0000001", (Item("Zebra cream, corrected"),)))
    Determination.objects.filter(pk=old.pk).update(superseded_by=new)
    index()
    assert "Correction: this letter replaces an earlier version." in mailed()
    client.force_login(ana)
    page = Page.of(client.get(f"/saved/{saved.pk}/"))
    assert len(page.all("p", class_="result-correction")) == 1


def test_what_was_corrected_by_hand_is_named(ana: User) -> None:
    follow(ana, "q=zebra&decision=overturned")
    letter = add(Letter("CM20-0000001", (Item("Zebra cream"),)))
    DisputedItem.objects.filter(determination=letter).update(
        decision="overturned", corrected_fields=["decision"]
    )
    index()
    assert "Correction made by hand on this site: decision." in mailed()


def test_the_reader_writes_why_a_search_is_followed(client: Client, ana: User) -> None:
    saved = follow(ana, "q=zebra")
    client.force_login(ana)
    client.post(f"/saved/{saved.pk}/change/", {"name": "Creams", "reason": "For Smith"})
    saved.refresh_from_db()
    assert (saved.name, saved.reason) == ("Creams", "For Smith")
    client.post(f"/saved/{saved.pk}/change/", {"name": "Creams", "reason": "a" * 2_001})
    saved.refresh_from_db()
    assert saved.reason == "For Smith"
