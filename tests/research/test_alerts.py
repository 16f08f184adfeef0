"""Alerts by mail: each piece of news once, in one mail a person, lost by no failure; off with one click."""

import io
import re
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from determinations.models import AlertTiming, SavedSearch
from determinations.research import alerts
from determinations.research.saved_searches import save
from determinations.search.engines import search_engine
from tests.views.html import Page
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture(autouse=True)
def site(settings: Settings, tmp_path: Path) -> None:
    settings.SITE_URL, settings.SENDS_EMAIL = "https://imr.example.org", True
    settings.DATA_DIR = tmp_path


def follow(user: User, query: str = "q=block", name: str = "Blocks") -> SavedSearch:
    saved = save(user, name, query, search_engine()).saved
    saved.alerts = AlertTiming.AT_ONCE
    saved.save()
    return saved


def arrive(*numbers: str) -> None:
    for number in numbers:
        add(Letter(number, (Item("Another block"),)))
    index()


def send() -> str:
    out = io.StringIO()
    call_command("send_alerts", stdout=out)
    return out.getvalue()


def test_news_comes_once(ana: User) -> None:
    follow(ana)
    assert send().startswith("0 ")
    arrive("CM20-0000001")
    assert send().startswith("1 ")
    assert send().startswith("0 ")
    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert message.subject == "IMR determinations: 1 new disputed item for “Blocks”"
    body = str(message.body)
    assert "Blocks" in body and "Another block" in body and "Denial upheld" in body
    assert "IMR Case No. CM20-0000001, item 1 (Aug. 13, 2014)" in body
    assert "https://imr.example.org/determinations/CM20-0000001/#item-1" in body
    assert "not precedent" in body


def test_one_mail_holds_all_searches_of_a_person(ana: User, ben: User) -> None:
    follow(ana, "q=block", "Blocks")
    follow(ana, "q=block&level=lumbar", "Lumbar blocks")
    follow(ana, "q=opioids", "Opioids")
    follow(ben, "q=block", "Of Ben")
    arrive("CM20-0000001", "CM20-0000002")
    send()
    assert sorted(message.to[0] for message in mail.outbox) == ["ana@example.org", "ben@example.org"]
    body = next(str(message.body) for message in mail.outbox if message.to == ["ana@example.org"])
    assert "Lumbar blocks" in body and "2 new disputed items:" in body
    assert "Opioids" not in body and "Of Ben" not in body


def test_what_was_looked_at_on_the_site_is_not_mailed(ana: User, client: Client) -> None:
    saved = follow(ana)
    arrive("CM20-0000001")
    client.force_login(ana)
    client.post(f"/saved/{saved.pk}/seen/", {"up_to": "999999"})
    send()
    assert not mail.outbox


def test_what_was_mailed_is_still_new_on_the_site(ana: User, client: Client) -> None:
    follow(ana)
    arrive("CM20-0000001")
    send()
    client.force_login(ana)
    assert "1 new of" in Page.of(client.get("/saved/")).text


def test_a_long_list_says_how_many_more_there_are(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "SHOWN_OF_EACH", 2)
    saved = follow(ana)
    arrive("CM20-0000001", "CM20-0000002", "CM20-0000003")
    send()
    assert f"... and 1 more: https://imr.example.org/saved/{saved.pk}/" in str(mail.outbox[0].body)


def test_without_an_index_the_command_fails_and_the_news_comes_later(ana: User) -> None:
    follow(ana)
    arrive("CM20-0000001")
    folder = Path(site_settings.SEARCH_INDEX_DIR)
    away = folder.rename(folder.with_name("away"))
    with pytest.raises(CommandError, match="rebuild_index"):
        send()
    assert not mail.outbox
    away.rename(folder)
    assert send().startswith("1 ")


def test_a_search_that_cannot_be_run_is_told_once_and_keeps_its_news(ana: User) -> None:
    saved = follow(ana)
    SavedSearch.objects.filter(pk=saved.pk).update(query="service=no-longer-known")
    arrive("CM20-0000001")
    send()
    send()
    (message,) = mail.outbox
    assert "no-longer-known" in str(message.body) and "1 new" not in str(message.body)
    assert message.subject == "IMR determinations: A saved search fails"
    SavedSearch.objects.filter(pk=saved.pk).update(query="q=block")
    send()
    assert "CM20-0000001" in str(mail.outbox[1].body)


def test_a_mail_that_the_server_refuses_is_sent_again_and_keeps_nobody_else_waiting(
    ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(ana)
    follow(ben)
    arrive("CM20-0000001")
    deliver = EmailBackend.send_messages

    def refuse(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["ana@example.org"]:
            raise SMTPServerDisconnected("gone")
        return deliver(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(CommandError, match=r"ana@example\.org"):
        send()
    monkeypatch.undo()
    send()
    assert [message.to[0] for message in mail.outbox] == ["ben@example.org", "ana@example.org"]


@pytest.mark.parametrize(
    ("missing", "variable"), [("SITE_URL", "IMR_SITE_URL"), ("SENDS_EMAIL", "IMR_EMAIL_HOST")]
)
def test_without_settings_it_says_which_and_sends_nothing(
    ana: User, settings: Settings, missing: str, variable: str
) -> None:
    follow(ana)
    arrive("CM20-0000001")
    setattr(settings, missing, "")
    with pytest.raises(CommandError, match=variable):
        send()


def test_a_person_without_an_address_is_told_to_the_admin(ana: User) -> None:
    follow(ana)
    User.objects.update(email="")
    arrive("CM20-0000001")
    assert "1 person " in send()
    assert not mail.outbox


def stop_path() -> str:
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    match = re.fullmatch(r"<https://imr\.example\.org(/alerts/stop/.+/)>", header)
    assert match
    return match[1]


def test_one_click_ends_it_without_signing_in(ana: User, ben: User) -> None:
    follow(ana)
    other = follow(ben)
    arrive("CM20-0000001")
    send()
    mail.outbox.sort(key=lambda message: message.to)
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    provider = Client(enforce_csrf_checks=True)
    sent = provider.post(stop_path(), {"List-Unsubscribe": "One-Click"})
    assert sent.status_code == 200
    assert list(SavedSearch.objects.followed()) == [other]
    assert SavedSearch.objects.count() == 2


def test_a_scanner_that_follows_the_link_ends_nothing(ana: User, client: Client) -> None:
    follow(ana)
    arrive("CM20-0000001")
    send()
    page = Page.of(client.get(stop_path()))
    assert page.one("form", method="post")
    assert SavedSearch.objects.followed().exists()
    assert "already" not in Page.of(client.post(stop_path())).text
    assert "already" in Page.of(client.post(stop_path())).text


@pytest.mark.parametrize("token", ["1", "MQ:1u:abc"])
def test_a_forged_link_is_refused(client: Client, ana: User, token: str) -> None:
    follow(ana)
    assert client.post(f"/alerts/stop/{token}/").status_code == 404
    assert SavedSearch.objects.followed().exists()
