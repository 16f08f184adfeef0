"""Removing letters for good in the admin: what is shown, who may, and what is left."""

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from determinations.importing import originals
from determinations.models import Determination, Folder, FolderItem, RemovedLetter
from determinations.removal.quotations import FEWEST_WORDS, LetterQuotations
from determinations.search.engines import search_engine
from determinations.search.indexing import compare

PAGE = reverse("admin:determinations_determination_changelist")
in_transactions = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path


def ask(client: Client, *chosen: Determination, confirmed: bool = False) -> str:
    sent = {"action": "remove_letters_for_good", "_selected_action": [letter.pk for letter in chosen]}
    answer = client.post(PAGE, sent | ({"confirmed": "yes"} if confirmed else {}), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@in_transactions
def test_the_page_shows_what_goes_and_changes_nothing(
    admin_client: Client, admin_user: User, letters: list[Determination]
) -> None:
    item = letters[0].items.get(position=1)
    folder = Folder.objects.create(owner=admin_user, name="Appeals")
    FolderItem.objects.create(folder=folder, item_key=item.pk, name=item.name, note="mine", position=0)
    page = ask(admin_client, letters[0])
    assert str(letters[0]) in page and f"{item.name}, with a note" in page
    assert Determination.objects.count() == len(letters) and not RemovedLetter.objects.exists()


@in_transactions
def test_a_confirmed_letter_is_gone_from_rows_files_and_index(
    admin_client: Client, letters: list[Determination]
) -> None:
    gone = letters[0]
    ask(admin_client, gone, confirmed=True)
    assert not Determination.objects.filter(pk=gone.pk).exists()
    assert not originals.path_of(gone.content_hash).exists()
    assert RemovedLetter.objects.get().erased_at is not None
    assert compare(search_engine()).agrees
    log = LogEntry.objects.get()
    assert str(gone) not in f"{log.object_repr} {log.change_message}" and log.object_id is None


@in_transactions
def test_without_the_permission_to_delete_there_is_no_action(
    client: Client, letters: list[Determination]
) -> None:
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["view_determination", "change_determination"])
    )
    client.force_login(editor)
    ask(client, letters[0], confirmed=True)
    assert Determination.objects.count() == len(letters)


words = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]), max_size=30)


@given(words, words, st.sampled_from([" ", "\n", ", "]))
def test_no_run_of_the_letters_words_is_left_in_a_note(
    letter: list[str], own: list[str], separator: str
) -> None:
    quotations = LetterQuotations([" ".join(letter)])
    note = separator.join(own).title()
    left = quotations.removed_from(note)
    assert not quotations.are_in(left)
    assert quotations.are_in(note) == (left != note)
    if not quotations.are_in(note):
        assert left == note


def test_a_quotation_goes_and_a_persons_own_words_stay() -> None:
    quotations = LetterQuotations(["The patient was seen in the office on Monday, in pain."])
    note = "Call Ana. “The patient was seen in the office on Monday” – see p. 2."
    assert quotations.removed_from(note) == "Call Ana. “[removed]” – see p. 2."
    assert quotations.removed_from("seen in the office") == "seen in the office"
    assert FEWEST_WORDS == 5
