"""Several folders a person, with passages, shared with others."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ACTIONS = (
    ("added", "added"),
    ("removed", "removed"),
    ("noted", "changed the note on"),
    ("quoted", "added a passage of"),
    ("unquoted", "removed a passage of"),
    ("moved", "moved"),
    ("shared", "shared the folder with"),
    ("unshared", "stopped sharing the folder with"),
    ("renamed", "renamed the folder to"),
)


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("determinations", "0011_grounds_of_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Folder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("owner", "created_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="one_folder_per_name",
                        violation_error_message="You already have a folder with this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="folders_have_names"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="folderitem",
            name="passages",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="folderitem",
            name="folder",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="determinations.folder",
            ),
        ),
        migrations.RemoveConstraint(model_name="folderitem", name="one_folder_item_per_name"),
        migrations.AlterField(
            model_name="folderitem",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="folder_items",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="FolderShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("may_write", models.BooleanField(default=False, verbose_name="may change it")),
                ("shared_at", models.DateTimeField(auto_now_add=True)),
                (
                    "folder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="determinations.folder",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folder_shares",
                        to="auth.group",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folder_shares",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("folder", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group__isnull", True), ("user__isnull", False)),
                            models.Q(("group__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="shared_with_a_person_or_a_group",
                    ),
                    models.UniqueConstraint(fields=("folder", "user"), name="one_share_per_person"),
                    models.UniqueConstraint(fields=("folder", "group"), name="one_share_per_group"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FolderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=150)),
                ("action", models.CharField(choices=ACTIONS, max_length=20)),
                ("about", models.CharField(max_length=200)),
                ("happened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "folder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="determinations.folder",
                    ),
                ),
            ],
            options={
                "ordering": ("folder", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", [name for name, _ in ACTIONS])),
                        name="folderevent_action_known",
                    )
                ],
            },
        ),
    ]
