"""Forms of signing in and of the account's own pages."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from determinations.accounts.events import failed_sign_in
from determinations.accounts.lockout import seconds_locked
from determinations.accounts.second_factor import has_second_factor, is_in_use, matching_device

MOST_CHARACTERS_OF_A_CODE = 40


def code_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="Code",
        required=required,
        max_length=MOST_CHARACTERS_OF_A_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class SignInForm(AuthenticationForm):
    """Name, password and, where an account of the site has a second factor, its code."""

    code = code_field(required=False)

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if not is_in_use():
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user = self.get_user()
        if user is not None and has_second_factor(user):
            device = matching_device(user, cleaned.get("code", ""))
            if device is None:
                if cleaned.get("code") and self.request is not None:
                    failed_sign_in(self.request, user.get_username())
                raise ValidationError(
                    "This account needs a code: type the password again and the code that your authenticator "
                    "app shows now, or a backup code.",
                    code="code",
                )
            user.otp_device = device  # type: ignore[attr-defined]  # django-otp reads it at the sign-in
        return cleaned


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same for the admin, which only staff may enter."""


def checked_password(request: HttpRequest, password: str) -> str:
    """The password, if it is the signed-in person's. Failures count for the lock. Raises ValidationError."""
    user = request.user
    if seconds := seconds_locked(request, user.get_username()):
        raise ValidationError(f"Too many wrong passwords. Try again in {seconds} seconds.")
    if not isinstance(user, AbstractBaseUser) or not user.check_password(password):
        failed_sign_in(request, user.get_username())
        raise ValidationError("This is not your password.")
    return password


class PasswordForm(forms.Form):
    """The present password, before something that a thief of the session must not do."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_password(self) -> str:
        return checked_password(self._request, self.cleaned_data["password"])


class NewPasswordForm(PasswordChangeForm):
    """The present password, and a new one twice."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        return checked_password(self._request, self.cleaned_data["old_password"])


class ConfirmForm(PasswordForm):
    """The password, and the first code of a new app."""

    code = code_field(required=True)


class CodeForm(forms.Form):
    """A code of a second factor that the account has."""

    code = code_field(required=True)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        user = self._request.user
        assert isinstance(user, User)  # noqa: S101  (the view requires a sign-in)
        if seconds := seconds_locked(self._request, user.get_username()):
            raise ValidationError(f"Too many wrong codes. Try again in {seconds} seconds.")
        cleaned["device"] = matching_device(user, cleaned.get("code", ""))
        if cleaned["device"] is None:
            failed_sign_in(self._request, user.get_username())
            raise ValidationError("This code is wrong or was used already.")
        return cleaned
