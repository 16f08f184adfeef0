"""The searches that a signed-in person ran, and whether they are kept."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("determinations", "0015_alert_timing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ResearchSettings",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="research_settings",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("keeps_history", models.BooleanField(default=True, verbose_name="keep my search history")),
            ],
            options={"verbose_name_plural": "research settings"},
        ),
        migrations.CreateModel(
            name="PastSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.CharField(max_length=2000)),
                ("total", models.PositiveIntegerField()),
                ("searched_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "past searches",
                "ordering": ("user", "-searched_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "query"), name="one_past_search_per_query")
                ],
            },
        ),
    ]
