"""Several folders, shared to read or to change: who may open what, tried at every address of a folder."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.test import Client

from determinations.models import Folder, FolderEvent, FolderItem, FolderShare
from determinations.research import folder_events
from determinations.research.folder import mark_of
from determinations.urls import urlpatterns
from determinations.views import folders
from tests.research.folders import ABLATION, BLOCK, NORCO, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

READING = {"folder", "brief", "brief_word", "folder_csv", "folder_ris", "folder_csl", "folder_copy"}
LEAVING = {"folder_leave"}
OWNING = {"folder_settings", "folder_rename", "folder_share", "folder_unshare", "folder_delete"}
MARK = "0a0a0a0a0a0a"


def folder_addresses() -> dict[str, str]:
    """Name -> address, with {key} and {share}, of everything below /folders/7/."""
    filled = {
        "<int:key>": "{key}",
        "<int:share_key>": "{share}",
        "<str:name>": NORCO,
        "<slug:mark>": MARK,
    }
    found = {}
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<int:key>" in route:
            for parameter, value in filled.items():
                route = route.replace(parameter, value)
            found[str(pattern.name)] = f"/{route}"
    return found


ADDRESSES = folder_addresses()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shared(ana: User, ben: User) -> Folder:
    """Ana's second folder with one item, which nobody shares yet."""
    client = client_of(ana)
    client.post("/folders/new/", {"name": "Smith v. Acme"})
    put_in(client, NORCO)
    return Folder.objects.get(name="Smith v. Acme")


def share(
    folder: Folder, *, may_write: bool, user: User | None = None, group: Group | None = None
) -> FolderShare:
    return FolderShare.objects.create(folder=folder, user=user, group=group, may_write=may_write)


def statuses(client: Client, folder: Folder, share_key: int = 1) -> dict[str, tuple[int, int]]:
    """Name of an address -> what GET and POST answer. Every address is asked in a folder as it was."""
    found = {}
    for name, address in ADDRESSES.items():
        filled = address.format(key=folder.pk, share=share_key)
        with transaction.atomic():
            asked = client.get(filled).status_code, client.post(filled).status_code
            transaction.set_rollback(True)
        found[name] = asked
    return found


def test_the_list_of_addresses_is_whole() -> None:
    assert ADDRESSES.keys() > READING | OWNING and len(ADDRESSES) > 20


def test_a_private_folder_is_not_there_for_others_at_any_address(shared: Folder, ben: User) -> None:
    answers = statuses(client_of(ben), shared)
    for name, (get, post) in answers.items():
        assert get in {404, 405}, name
        assert post in {404, 405}, name
        assert 404 in {get, post}, name
    assert FolderItem.objects.get().name == NORCO


def test_a_stranger_is_asked_to_sign_in_at_every_address(shared: Folder) -> None:
    for name, (get, post) in statuses(Client(), shared).items():
        assert {get, post} <= {302, 405}, name
    assert "/account/sign-in/" in Client().get(f"/folders/{shared.pk}/")["Location"]


def test_whom_it_is_shared_with_to_read_may_read_and_export_and_nothing_else(
    shared: Folder, ben: User
) -> None:
    share(shared, may_write=False, user=ben)
    client = client_of(ben)
    for name, (get, post) in statuses(client, shared).items():
        if name in READING:
            assert get == 200, name
        elif name in LEAVING:
            assert (get, post) == (405, 302)
        else:
            assert {get, post} <= {403, 405}, name
    page = Page.of(client.get(f"/folders/{shared.pk}/"))
    assert not page.all("textarea")
    assert "belongs to ana" in page.text


def test_whom_it_is_shared_with_to_change_may_change_it_but_not_share_it(shared: Folder, ben: User) -> None:
    share(shared, may_write=True, user=ben)
    for name, (get, post) in statuses(client_of(ben), shared).items():
        if name in OWNING:
            assert {get, post} <= {403, 405}, name
        else:
            assert not {get, post} & {403, 404, 500}, name


def test_a_group_opens_it_for_its_members_and_closes_it_when_they_leave(shared: Folder, ben: User) -> None:
    group = Group.objects.create(name="Appeals")
    share(shared, may_write=False, group=group)
    client = client_of(ben)
    assert client.get(f"/folders/{shared.pk}/").status_code == 404
    ben.groups.add(group)
    assert client.get(f"/folders/{shared.pk}/").status_code == 200
    ben.groups.clear()
    assert client.get(f"/folders/{shared.pk}/").status_code == 404


def test_a_shared_folder_can_be_left(shared: Folder, ben: User) -> None:
    share(shared, may_write=True, user=ben)
    client = client_of(ben)
    client.post(f"/folders/{shared.pk}/leave/")
    assert client.get(f"/folders/{shared.pk}/").status_code == 404
    assert shared.items.count() == 1
    assert shared.events.values_list("by", "action").first() == ("ben", "left")


def test_a_folder_of_a_group_is_not_left_without_a_word(shared: Folder, ben: User) -> None:
    group = Group.objects.create(name="Appeals")
    ben.groups.add(group)
    share(shared, may_write=False, group=group)
    client = client_of(ben)
    page = Page.of(client.post(f"/folders/{shared.pk}/leave/", follow=True))
    assert "Appeals" in page.text
    assert client.get(f"/folders/{shared.pk}/").status_code == 200


def test_nobody_leaves_a_folder_of_their_own(shared: Folder, ana: User) -> None:
    assert client_of(ana).post(f"/folders/{shared.pk}/leave/").status_code == 403


def test_the_better_of_two_shares_counts(shared: Folder, ben: User) -> None:
    group = Group.objects.create(name="Appeals")
    ben.groups.add(group)
    share(shared, may_write=False, user=ben)
    share(shared, may_write=True, group=group)
    client = client_of(ben)
    client.post(f"/folders/{shared.pk}/items/{BLOCK}/add/")
    assert [item.name for item in shared.items.all()] == [NORCO, BLOCK]
    page = Page.of(client.get("/folders/"))
    assert len(page.all("li", data_folder=str(shared.pk))) == 1


def test_the_owner_shares_changes_the_right_and_stops(shared: Folder, ana: User, ben: User) -> None:
    client = client_of(ana)
    address = f"/folders/{shared.pk}"
    client.post(f"{address}/share/", {"username": "ben", "may_write": ""})
    client.post(f"{address}/share/", {"username": "ben", "may_write": "1"})
    only = FolderShare.objects.get()
    assert (only.user, only.may_write) == (ben, True)
    client.post(f"{address}/shares/{only.pk}/remove/")
    assert not FolderShare.objects.exists()
    actions = list(shared.events.order_by("pk").values_list("by", "action"))
    assert actions == [("ana", "added"), ("ana", "shared"), ("ana", "shared"), ("ana", "unshared")]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"username": "nobody"},
        {"username": "ana"},
        {"group": "{other}"},
        {"username": "ben", "group": "{own}"},
    ],
    ids=["nobody", "no account", "oneself", "a group of others", "two at once"],
)
def test_a_share_that_makes_no_sense_is_refused_with_the_form(
    shared: Folder, ana: User, ben: User, sent: dict[str, str]
) -> None:
    other = Group.objects.create(name="Others")
    own = Group.objects.create(name="Own")
    ana.groups.add(own)
    filled = {name: value.format(own=own.pk, other=other.pk) for name, value in sent.items()}
    response = client_of(ana).post(f"/folders/{shared.pk}/share/", filled)
    assert response.status_code == 400
    assert Page.of(response).one("p", class_="notice")
    assert not FolderShare.objects.exists()


def test_another_folders_share_cannot_be_removed_through_ones_own(
    shared: Folder, ana: User, ben: User
) -> None:
    given = share(shared, may_write=True, user=ben)
    own = Folder.objects.create(owner=ben, name="Mine")
    assert client_of(ben).post(f"/folders/{own.pk}/shares/{given.pk}/remove/").status_code == 404
    assert FolderShare.objects.filter(pk=given.pk).exists()


def test_a_share_names_a_person_or_a_group_and_never_both(shared: Folder, ben: User) -> None:
    group = Group.objects.create(name="Appeals")
    for who in ({}, {"user": ben, "group": group}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FolderShare.objects.create(folder=shared, **who)


def test_items_go_into_the_folder_that_was_chosen(ana: User) -> None:
    client = client_of(ana)
    put_in(client, NORCO)
    first = Folder.objects.get()
    client.post("/folders/new/", {"name": "Second"})
    put_in(client, BLOCK)
    client.post(f"/folders/{first.pk}/use/")
    put_in(client, ABLATION)
    second = Folder.objects.get(name="Second")
    assert [item.name for item in first.items.all()] == [NORCO, ABLATION]
    assert [item.name for item in second.items.all()] == [BLOCK]
    assert Page.of(client.get("/folder/")).link("Folder (2)") == "/folder/"


def test_an_item_is_copied_with_its_note_and_passages(shared: Folder, ana: User) -> None:
    client = client_of(ana)
    other = Folder.objects.create(owner=ana, name="Other")
    address = f"/folders/{shared.pk}/items/{NORCO}"
    client.post(f"{address}/passages/add/", {"passage": "returned to work"})
    typed = {f"note-{NORCO}": "typed, not saved", f"seen-{NORCO}": mark_of("")}
    page = Page.of(client.post(f"{address}/copy/", typed, follow=True))
    assert [button.text for button in page.all("button") if "to" in button.attributes.get("name", "")] == [
        "Copy to Other"
    ]
    client.post(f"{address}/copy/", {"to": str(other.pk)})
    copied = other.items.get()
    assert (copied.name, copied.note, copied.passages) == (NORCO, "typed, not saved", ["returned to work"])
    assert shared.items.count() == 1


def test_who_may_read_a_folder_copies_from_it_and_never_into_it(shared: Folder, ben: User, ana: User) -> None:
    share(shared, may_write=False, user=ben)
    private = Folder.objects.create(owner=ana, name="Private")
    own = Folder.objects.create(owner=ben, name="Mine")
    client = client_of(ben)
    address = f"/folders/{shared.pk}/items/{NORCO}/copy/"
    for key in (private.pk, shared.pk, "x", ""):
        client.post(address, {"to": str(key)})
    assert FolderItem.objects.count() == 1
    client.post(address, {"to": str(own.pk), f"note-{NORCO}": "not mine to write", f"seen-{NORCO}": ""})
    assert own.items.get().name == NORCO
    assert shared.items.get().note == ""
    assert client.get(f"/folders/{shared.pk}/items/{BLOCK}/copy/").status_code == 404


def test_a_folder_shared_to_read_cannot_be_where_items_go(shared: Folder, ben: User) -> None:
    share(shared, may_write=False, user=ben)
    client = client_of(ben)
    assert client.post(f"/folders/{shared.pk}/use/").status_code == 403
    put_in(client, BLOCK)
    assert [item.name for item in shared.items.all()] == [NORCO]


def test_when_sharing_stops_items_go_into_ones_own_folder_again(shared: Folder, ben: User) -> None:
    given = share(shared, may_write=True, user=ben)
    client = client_of(ben)
    client.post(f"/folders/{shared.pk}/use/")
    given.delete()
    put_in(client, BLOCK)
    assert FolderItem.objects.get(name=BLOCK).folder.owner == ben


def test_who_did_what_is_listed_for_everybody_who_may_open_it(shared: Folder, ben: User, ana: User) -> None:
    share(shared, may_write=True, user=ben)
    client = client_of(ben)
    address = f"/folders/{shared.pk}"
    client.post(f"{address}/items/{BLOCK}/add/")
    client.post(f"{address}/items/{BLOCK}/up/")
    client.post(f"{address}/items/{NORCO}/remove/")
    page = Page.of(client_of(ana).get(f"{address}/settings/"))
    done = [line.text for line in page.all("li") if "data-action" in line.attributes]
    assert [line.partition(" CM14")[0] for line in done] == [
        "ben removed",
        "ben moved",
        "ben added",
        "ana added",
    ]


def test_a_passage_that_was_moved_is_in_the_list_of_what_was_done(shared: Folder, ana: User) -> None:
    client = client_of(ana)
    address = f"/folders/{shared.pk}/items/{NORCO}/passages"
    for text in ("may be continued", "returned to work"):
        client.post(f"{address}/add/", {"passage": text})
    client.post(f"{address}/{mark_of('returned to work')}/up/")
    done = [line.text for line in Page.of(client.get(f"/folders/{shared.pk}/settings/")).all("li")]
    assert any("ana moved a passage of CM14-0031877, item 2" in line for line in done)


def test_the_list_of_what_was_done_has_an_end(
    shared: Folder, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_events, "MOST_EVENTS", 3)
    client = client_of(ana)
    for _ in range(3):
        client.post(f"/folders/{shared.pk}/items/{BLOCK}/add/")
        client.post(f"/folders/{shared.pk}/items/{BLOCK}/remove/")
    assert list(FolderEvent.objects.values_list("action", flat=True)) == ["removed", "added", "removed"]


def test_names_are_unique_for_each_person_and_never_empty(shared: Folder, ana: User, ben: User) -> None:
    client = client_of(ana)
    for name in ("Smith v. Acme", "", "  "):
        assert "No folder was made" in Page.of(client.post("/folders/new/", {"name": name}, follow=True)).text
    other = Folder.objects.create(owner=ana, name="Other")
    assert client.post(f"/folders/{other.pk}/rename/", {"name": "Smith v. Acme"}).status_code == 400
    client.post(f"/folders/{other.pk}/rename/", {"name": "Jones"})
    other.refresh_from_db()
    assert other.name == "Jones"
    client_of(ben).post("/folders/new/", {"name": "Smith v. Acme"})
    assert Folder.objects.filter(name="Smith v. Acme").count() == 2


def test_a_person_has_only_so_many_folders(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FOLDERS", 1)
    client = client_of(ana)
    client.post("/folders/new/", {"name": "One"})
    client.post("/folders/new/", {"name": "Two"})
    assert [folder.name for folder in Folder.objects.all()] == ["One"]


def test_deleting_asks_first_and_leaves_the_others(shared: Folder, ana: User) -> None:
    other = Folder.objects.create(owner=ana, name="Other")
    client = client_of(ana)
    assert "1 item" in Page.of(client.get(f"/folders/{shared.pk}/delete/")).text
    client.post(f"/folders/{shared.pk}/delete/")
    assert list(Folder.objects.all()) == [other]
    put_in(client, BLOCK)
    assert [item.name for item in other.items.all()] == [BLOCK]


def test_what_was_removed_is_put_back_into_its_own_folder_alone(shared: Folder, ana: User) -> None:
    other = Folder.objects.create(owner=ana, name="Other")
    client = client_of(ana)
    client.post(f"/folders/{shared.pk}/items/{NORCO}/remove/")
    client.post(f"/folders/{other.pk}/put-back/")
    assert not FolderItem.objects.exists()
    client.post(f"/folders/{shared.pk}/put-back/")
    assert FolderItem.objects.get().folder == shared


def test_a_note_for_a_folder_typed_after_the_session_ended_is_kept(shared: Folder, ana: User) -> None:
    stranger = Client()
    response = stranger.post(f"/folders/{shared.pk}/notes/", {f"note-{NORCO}": "typed", "seen-x": ""})
    assert response["Location"] == f"/account/sign-in/?next=/folders/{shared.pk}/"
    sent = {"username": "ana", "password": "correct horse", "next": f"/folders/{shared.pk}/"}
    page = Page.of(stranger.post("/account/sign-in/", sent, follow=True))
    assert "typed" in [entry.text for entry in page.all("dd", class_="note-text")]
