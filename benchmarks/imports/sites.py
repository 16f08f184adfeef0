"""An empty site in a folder, for the process that asks for it. Knows nothing of what is measured."""

import os
from pathlib import Path


def new_site(folder: Path) -> None:
    """Set Django up in this process on an empty database, index and letters in the folder."""
    os.environ.update(IMR_DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="imrsite.settings")
    os.environ.pop("IMR_DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
