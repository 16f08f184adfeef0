"""The app: letters read, searched and shown."""

from django.apps import AppConfig


class DeterminationsConfig(AppConfig):
    name = "determinations"
    verbose_name = "IMR determinations"

    def ready(self) -> None:
        from determinations import checks, signals  # noqa: F401  (importing them registers them)
        from determinations.database_errors import know_errors_of_closing

        know_errors_of_closing()
