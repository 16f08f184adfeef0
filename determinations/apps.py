"""The app: letters read, searched and shown."""

from django.apps import AppConfig


class DeterminationsConfig(AppConfig):
    name = "determinations"
    verbose_name = "IMR determinations"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from determinations import checks, signals
        from determinations.research.folder_storage import hand_over_on_sign_in

        checks.register_checks()
        signals.connect()
        user_logged_in.connect(hand_over_on_sign_in, dispatch_uid="research folder")
