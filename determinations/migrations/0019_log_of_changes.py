"""The notes of changed items become a log that several indexes can follow.

What waits for the index when this runs is kept: an index that an older version wrote goes on from the log's
beginning, which has stamp 0 for it. In an empty database there is no such index.
"""

import django.utils.timezone
from django.db import migrations, models


def begin_log(apps, schema_editor):
    changes = apps.get_model("determinations", "IndexChange").objects
    letters = apps.get_model("determinations", "Determination").objects
    if letters.exists() or changes.exists():
        apps.get_model("determinations", "IndexLog").objects.create(pk=1, position=0, stamp=0)
        changes.create(item_id=0, position=0, stamp=0)


def forget_positions(apps, schema_editor):
    """Backwards: the older version's index has seen what has a position in the only log there was."""
    apps.get_model("determinations", "IndexChange").objects.exclude(position=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("determinations", "0018_leaving_folders"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexFollower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=600, unique=True)),
                ("machine", models.CharField(blank=True, max_length=200)),
                ("position", models.BigIntegerField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="IndexLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(default=0)),
                ("stamp", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="indexchange",
            name="noted_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="indexchange",
            name="position",
            field=models.BigIntegerField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="indexchange",
            name="stamp",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="indexchange",
            index=models.Index(condition=models.Q(("position__isnull", True)), fields=["id"], name="index_change_unnumbered"),
        ),
        migrations.RunPython(begin_log, forget_positions),
    ]
