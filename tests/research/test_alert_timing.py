"""When alerts are sent: at once after a commit, daily and weekly at their hour, none twice."""

from datetime import datetime
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.models import AlertTiming, SavedSearch
from determinations.research import alert_sender
from determinations.research.alert_sender import AlertRounds, alerts_lock, alerts_sent_meanwhile
from determinations.research.alerts import is_due, send_alerts
from determinations.research.saved_searches import save
from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from tests.views.library import Item, Letter, add, index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

HERE = ZoneInfo("America/Los_Angeles")


def at(written: str) -> datetime:
    """A time of the site's own zone: "2026-11-25 05:59", a Wednesday."""
    return datetime.fromisoformat(written).replace(tzinfo=HERE)


@pytest.fixture(autouse=True)
def site(settings: Settings, tmp_path: Path) -> None:
    settings.SITE_URL = "https://imr.example.org"
    settings.DATA_DIR = tmp_path


LONG_AGO = at("2026-11-20 12:00")


def follow(user: User, alerts: AlertTiming, query: str = "q=block") -> SavedSearch:
    saved = save(user, query, query, search_engine()).saved
    saved.alerts, saved.alerted_at = alerts, LONG_AGO
    saved.save()
    return saved


def arrive(number: str) -> None:
    add(Letter(number, (Item("Another block"),)))
    index()


@pytest.mark.parametrize(
    ("alerts", "looked", "now", "due"),
    [
        ("off", "2020-01-01 00:00", "2026-11-25 12:00", False),
        ("at_once", "2026-11-25 12:00", "2026-11-25 12:00", True),
        ("daily", "2026-11-25 05:00", "2026-11-25 05:59", False),
        ("daily", "2026-11-25 05:00", "2026-11-25 06:00", True),
        ("daily", "2026-11-25 06:00", "2026-11-25 23:00", False),
        ("daily", "2026-11-24 12:00", "2026-11-25 05:59", False),
        ("daily", "2026-11-22 12:00", "2026-11-25 05:59", True),
        ("weekly", "2026-11-23 07:00", "2026-11-29 23:59", False),
        ("weekly", "2026-11-23 07:00", "2026-11-30 05:59", False),
        ("weekly", "2026-11-23 07:00", "2026-11-30 06:00", True),
        ("weekly", "2026-11-22 12:00", "2026-11-25 12:00", True),
        ("daily", "2026-10-31 07:00", "2026-11-01 06:00", True),
    ],
)
def test_a_timing_is_due_once_for_each_day_or_week(alerts: str, looked: str, now: str, due: bool) -> None:
    assert is_due(alerts, at(looked), at(now)) is due


def test_a_digest_waits_for_its_hour_and_comes_once(ana: User) -> None:
    follow(ana, AlertTiming.DAILY)
    engine = search_engine()
    assert send_alerts(engine, "https://imr.example.org", at("2026-11-25 06:00")).mails == 0
    arrive("CM20-0000001")
    assert send_alerts(engine, "https://imr.example.org", at("2026-11-25 12:00")).mails == 0
    assert send_alerts(engine, "https://imr.example.org", at("2026-11-26 06:10")).mails == 1
    assert send_alerts(engine, "https://imr.example.org", at("2026-11-26 12:00")).mails == 0
    assert send_alerts(engine, "https://imr.example.org", at("2026-11-27 06:10")).mails == 0


def test_a_digest_whose_mail_failed_is_due_again(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(ana, AlertTiming.DAILY)
    arrive("CM20-0000001")

    def refuse(*_: object) -> int:
        raise OSError("gone")

    now = at("2026-11-25 07:00")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert send_alerts(search_engine(), "https://imr.example.org", now).undelivered
    assert send_alerts(search_engine(), "https://imr.example.org", now).mails == 1


def test_timings_of_one_person_that_are_due_together_come_in_one_mail(ana: User) -> None:
    follow(ana, AlertTiming.AT_ONCE, "q=block")
    follow(ana, AlertTiming.WEEKLY, "q=another")
    arrive("CM20-0000001")
    send_alerts(search_engine(), "https://imr.example.org", at("2026-11-25 12:00"))
    (message,) = mail.outbox
    assert "q=block" in str(message.body) and "q=another" in str(message.body)


def test_a_round_searches_only_when_the_index_or_the_hour_has_changed(ana: User) -> None:
    follow(ana, AlertTiming.AT_ONCE)
    rounds = AlertRounds()
    assert rounds.look(timezone.now()), "the first after a start"
    assert rounds.look(timezone.now()) is None
    arrive("CM20-0000001")
    sent = rounds.look(timezone.now())
    assert sent and sent.mails == 1
    assert rounds.look(timezone.now()) is None
    saved = follow(ana, AlertTiming.AT_ONCE, "q=norco")
    assert rounds.look(timezone.now()), "a search that is followed from now on"
    others = SavedSearch.objects.exclude(pk=saved.pk)
    others.update(alerts=AlertTiming.DAILY, alerted_at=LONG_AGO)
    assert rounds.look(at("2026-11-25 07:00"))
    assert len(mail.outbox) == 1


def test_a_round_that_found_no_index_is_made_again(ana: User) -> None:
    follow(ana, AlertTiming.AT_ONCE)
    rounds = AlertRounds()
    arrive("CM20-0000001")
    folder = Path(site_settings.SEARCH_INDEX_DIR)
    away = folder.rename(folder.with_name("away"))
    with pytest.raises(SearchUnavailableError):
        rounds.look(timezone.now())
    away.rename(folder)
    rounds.look(timezone.now())
    assert len(mail.outbox) == 1


def test_two_processes_never_send_at_once(ana: User, tmp_path: Path) -> None:
    follow(ana, AlertTiming.AT_ONCE)
    arrive("CM20-0000001")
    with exclusive_lock(tmp_path / "alerts.lock"), pytest.raises(LockHeldError), alerts_lock():
        pass
    assert not mail.outbox


def test_without_a_mail_server_nothing_runs_beside_the_imports(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(alert_sender, "_send_until", started.append)
    settings.SENDS_EMAIL = False
    with alerts_sent_meanwhile():
        pass
    assert not started
    settings.SENDS_EMAIL = True
    with alerts_sent_meanwhile():
        pass
    assert len(started) == 1


def test_trouble_ends_neither_the_sending_nor_the_imports_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Event()
    looks: list[str] = []

    def look(*_: object) -> None:
        looks.append("look")
        if len(looks) == 3:
            ended.set()
        raise (LockHeldError(7), RuntimeError("a fault"), OSError("gone"))[len(looks) % 3]

    monkeypatch.setattr(AlertRounds, "look", look)
    monkeypatch.setattr(alert_sender, "SECONDS_BETWEEN_LOOKS", 0.001)
    monkeypatch.setattr(alert_sender, "SECONDS_AFTER_TROUBLE", 0.001)
    monkeypatch.setattr(alert_sender, "close_old_connections", lambda: None)
    alert_sender._send_until(ended)
    assert len(looks) == 3


def test_the_same_news_has_the_same_message_id_and_other_news_another(ana: User) -> None:
    saved = follow(ana, AlertTiming.AT_ONCE)
    arrive("CM20-0000001")
    send_alerts(search_engine(), "https://imr.example.org")
    SavedSearch.objects.filter(pk=saved.pk).update(mailed=b"")
    send_alerts(search_engine(), "https://imr.example.org")
    arrive("CM20-0000002")
    send_alerts(search_engine(), "https://imr.example.org")
    first, again, other = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == again != other
    assert first.endswith("@imr.example.org>")


@pytest.mark.parametrize("alerts", list(AlertTiming))
def test_the_reader_chooses_the_timing_of_each_search(
    client: Client, ana: User, settings: Settings, alerts: AlertTiming
) -> None:
    settings.SENDS_EMAIL = True
    saved = follow(ana, AlertTiming.OFF)
    client.force_login(ana)
    client.post(f"/saved/{saved.pk}/alerts/", {"alerts": alerts.value})
    before = saved.alerted_at
    saved.refresh_from_db()
    assert saved.alerts == alerts
    assert saved.alerted_at > before, "a digest begins with the next hour, not with all that was"
    client.post(f"/saved/{saved.pk}/alerts/", {"alerts": "hourly"})
    saved.refresh_from_db()
    assert saved.alerts == alerts
