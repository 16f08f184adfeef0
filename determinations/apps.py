"""The app: letters read, searched and shown."""

from django.apps import AppConfig


class DeterminationsConfig(AppConfig):
    name = "determinations"
    verbose_name = "IMR determinations"

    def ready(self) -> None:
        from . import checks, index_signals

        checks.register_checks()
        index_signals.connect()
