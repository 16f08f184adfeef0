"""Accounts as an app of Django's, with tables of its own."""

from django.apps import AppConfig
from django.contrib import admin


class AccountsConfig(AppConfig):
    name = "determinations.accounts"
    label = "accounts"

    def ready(self) -> None:
        from determinations.accounts import events  # noqa: F401  (importing it registers its receivers)
        from determinations.accounts.forms import AdminSignInForm

        admin.site.login_form = AdminSignInForm
