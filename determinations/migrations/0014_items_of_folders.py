"""Every item is in a folder, and belongs to whom the folder belongs to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("determinations", "0013_first_folders"),
    ]

    operations = [
        migrations.AlterModelOptions(name="folderitem", options={"ordering": ("folder", "position", "pk")}),
        migrations.RemoveField(model_name="folderitem", name="user"),
        migrations.AlterField(
            model_name="folderitem",
            name="folder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="determinations.folder",
            ),
        ),
        migrations.AddConstraint(
            model_name="folderitem",
            constraint=models.UniqueConstraint(fields=("folder", "name"), name="one_folder_item_per_name"),
        ),
    ]
