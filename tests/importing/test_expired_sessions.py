"""The import worker deletes expired sessions and no others."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from determinations.importing.worker import ImportWorker

pytestmark = pytest.mark.django_db


def add_session(name: str, days: int) -> None:
    Session.objects.create(session_key=name, expire_date=timezone.now() + timedelta(days=days))


def test_expired_sessions_are_deleted_at_start_and_then_now_and_again() -> None:
    add_session("old", -1)
    add_session("new", 1)
    worker = ImportWorker(lambda: True)
    worker._clear_if_due()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    add_session("older", -2)
    worker._clear_if_due()
    assert Session.objects.count() == 2
