"""The account's rights and limits: they are those of the API."""

import logging

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from tests.assistants.calling import Assistant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana")


@pytest.fixture
def rates(settings: Settings) -> dict[str, str]:
    rates = {"api": "2/hour"}
    settings.RATE_LIMITS = rates
    return rates


@pytest.mark.usefixtures("rates")
def test_calls_of_all_tools_count_together_against_the_rate_of_the_api(assistant: Assistant) -> None:
    assistant.answer("search", {"q": "norco"})
    assert "No letter" in assistant.error("determination", {"id": "CM14-9999999"})
    said = assistant.error("reasons", {})
    assert "Too many requests" in said
    (seconds,) = (int(word) for word in said.split() if word.isdecimal())
    assert 0 < seconds <= 3600


@pytest.mark.usefixtures("rates")
def test_each_account_has_a_count_of_its_own(ana: User) -> None:
    assistants = [Assistant(), Assistant("ana")]
    for _ in range(2):
        for assistant in assistants:
            assistant.answer("search", {"q": "norco"})
    assert all("Too many" in assistant.error("search", {"q": "norco"}) for assistant in assistants)


def test_without_a_rate_there_is_no_limit(assistant: Assistant, rates: dict[str, str]) -> None:
    rates["api"] = ""
    for _ in range(4):
        assistant.answer("search", {"q": "norco"})


def test_a_site_that_requires_sign_in_needs_an_active_account(settings: Settings, ana: User) -> None:
    settings.SIGN_IN_ONLY = True
    assert "--account" in Assistant().error("determination", {"id": "CM14-0031877"})
    assert "no active account “ben”" in Assistant("ben").error("search", {})
    assistant = Assistant("ana")
    assert assistant.answer("search", {})["total"] == 7
    ana.is_active = False
    ana.save()
    assert "no active account “ana”" in assistant.error("search", {})


def test_the_log_names_tool_and_account_and_no_words(ana: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="determinations.assistants"):
        Assistant("ana").answer("search", {"q": "norco"})
    assert "search by ana: ok" not in caplog.text, "tests switch the access log off"
    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.INFO, logger="determinations"):
        patch.setattr("django.conf.settings.ACCESS_LOG", "paths")
        Assistant("ana").answer("search", {"q": "norco"})
    assert "search by ana: ok" in caplog.text
    assert "norco" not in caplog.text
