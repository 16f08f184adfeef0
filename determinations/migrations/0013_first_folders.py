"""What a person has goes into a first folder. Apart from the tables' changes, as PostgreSQL asks."""

from django.db import migrations

FIRST_FOLDER = "Research folder"


def make_first_folders(apps, schema_editor):
    folders = apps.get_model("determinations", "Folder").objects
    items = apps.get_model("determinations", "FolderItem").objects
    for owner_id in items.order_by("user").values_list("user_id", flat=True).distinct():
        folder = folders.create(owner_id=owner_id, name=FIRST_FOLDER)
        items.filter(user_id=owner_id).update(folder=folder)


def give_items_their_person(apps, schema_editor):
    """Backwards: the items of the person's oldest folder; the others cannot be told apart from them."""
    items = apps.get_model("determinations", "FolderItem").objects
    kept: dict[int, int] = {}
    for folder in apps.get_model("determinations", "Folder").objects.order_by("created_at", "pk"):
        if kept.setdefault(folder.owner_id, folder.pk) == folder.pk:
            items.filter(folder=folder).update(user_id=folder.owner_id)
    items.filter(user_id=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("determinations", "0012_folders_to_share"),
    ]

    operations = [
        migrations.RunPython(make_first_folders, give_items_their_person),
    ]
