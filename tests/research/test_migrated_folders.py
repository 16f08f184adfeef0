"""What people kept before there were several folders and timings: it is all there afterwards."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

APP = "determinations"


def migrate(name: str) -> Any:
    """The apps as they are after the migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])
    return MigrationExecutor(connection).loader.project_state([(APP, name)]).apps


@pytest.mark.django_db(transaction=True)
def test_items_go_into_a_first_folder_and_mails_come_daily() -> None:
    newest = max(name for app, name in MigrationExecutor(connection).loader.graph.nodes if app == APP)
    try:
        before = migrate("0011_grounds_of_items")
        users = before.get_model("auth", "User").objects
        ana, ben = users.create(username="ana"), users.create(username="ben")
        users.create(username="nobody")
        items = before.get_model(APP, "FolderItem").objects
        for owner, name, position in ((ana, "CM1.1", 0), (ana, "CM1.2", 1), (ben, "CM1.1", 0)):
            note = {"citation": name, "note": f"of {owner}"}
            items.create(user=owner, name=name, item_key=position, position=position, **note)
        searches = before.get_model(APP, "SavedSearch").objects
        searches.create(user=ana, name="followed", by_mail=True)
        searches.create(user=ana, name="kept", by_mail=False)

        after = migrate(newest)
        folders = after.get_model(APP, "Folder").objects
        assert list(folders.order_by("owner").values_list("owner__username", "name")) == [
            ("ana", "Research folder"),
            ("ben", "Research folder"),
        ]
        kept = after.get_model(APP, "FolderItem").objects.filter(folder__owner__username="ana")
        assert list(kept.values_list("name", "passages")) == [("CM1.1", []), ("CM1.2", [])]
        timings = dict(after.get_model(APP, "SavedSearch").objects.values_list("name", "alerts"))
        assert timings == {"followed": "daily", "kept": "off"}

        back = migrate("0011_grounds_of_items")
        assert back.get_model(APP, "FolderItem").objects.filter(user__username="ana").count() == 2
        assert back.get_model(APP, "SavedSearch").objects.get(by_mail=True).name == "followed"
    finally:
        migrate(newest)
