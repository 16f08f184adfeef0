"""How properties are tested: without deadlines, and with the same examples every time.

IMR_EXPLORE=1 draws new examples instead: to look for what the usual ones do not show.
"""

import os
from threading import BoundedSemaphore

import pytest
from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("IMR_EXPLORE") else "same")


@pytest.fixture(autouse=True)
def room_for_large_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests seldom read a streamed answer to its end, which keeps its place."""
    places = BoundedSemaphore(2)
    monkeypatch.setattr("determinations.load_limits._PLACES", places)
