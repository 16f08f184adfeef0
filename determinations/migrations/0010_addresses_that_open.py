"""Gives letters an address that opens, where a case number corrected by hand made one that did not."""

import re

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ADDRESS = re.compile(r"[A-Za-z0-9_-]+")


def mend_addresses(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    letters = apps.get_model("determinations", "Determination").objects
    rows = letters.values_list("pk", "public_id", "content_hash", "part", "is_current")
    bad = [row for row in rows.iterator() if not _ADDRESS.fullmatch(row[1])]
    for pk, _, content_hash, part, is_current in bad:
        of_part = f"-{part}" if part > 1 else ""
        version = "" if is_current else f"-{content_hash[:8]}{of_part}"
        letters.filter(pk=pk).update(public_id=f"{content_hash[:16]}{of_part}{version}")


class Migration(migrations.Migration):
    dependencies = (("determinations", "0009_several_letters_of_a_file"),)
    operations = (migrations.RunPython(mend_addresses, migrations.RunPython.noop),)
