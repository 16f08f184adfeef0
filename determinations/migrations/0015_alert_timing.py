"""Alerts at once, daily or weekly, and why a search is followed. Former alerts by mail become daily."""

import django.utils.timezone
from django.db import migrations, models

TIMINGS = (("off", "No emails"), ("at_once", "At once"), ("daily", "Daily"), ("weekly", "Weekly"))


def make_daily(apps, schema_editor):
    apps.get_model("determinations", "SavedSearch").objects.filter(by_mail=True).update(alerts="daily")


def make_by_mail(apps, schema_editor):
    saved = apps.get_model("determinations", "SavedSearch").objects
    saved.exclude(alerts="off").update(by_mail=True)


class Migration(migrations.Migration):

    dependencies = [
        ("determinations", "0014_items_of_folders"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedsearch",
            name="reason",
            field=models.TextField(blank=True, max_length=2000, verbose_name="why I follow it", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="alerts",
            field=models.CharField(choices=TIMINGS, default="off", max_length=10, verbose_name="emails"),
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="alerted_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(make_daily, make_by_mail),
        migrations.RemoveField(model_name="savedsearch", name="by_mail"),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(("alerts__in", [name for name, _ in TIMINGS])),
                name="savedsearch_alerts_known",
            ),
        ),
    ]
