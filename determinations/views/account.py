"""A person's own account: signing in, the password, the second factor, signing out everywhere."""

import logging
import threading
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as remember_device

from determinations.accounts import second_factor
from determinations.accounts.events import log_event
from determinations.accounts.forms import CodeForm, ConfirmForm, NewPasswordForm, PasswordForm, SignInForm
from determinations.accounts.passwords import sign_out_everywhere_else
from determinations.views.decorators import allowed_params

logger = logging.getLogger(__name__)
_FOLDER = "determinations/account"


class SignIn(views.LoginView):
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sends_mail=settings.SENDS_EMAIL, **kwargs)


@never_cache
@login_required
@require_safe
@allowed_params()
def account(request: HttpRequest) -> HttpResponse:
    return _page(request, PasswordForm(request))


@never_cache
@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """This session stays; the others end, and feeds get new addresses."""
    form = PasswordForm(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    sign_out_everywhere_else(request, _person(request), form.cleaned_data["password"])
    log_event("sign-out everywhere else", _person(request).get_username())
    messages.success(request, "You are signed out everywhere else. Your feeds have new addresses.")
    return redirect("determinations:account")


def _page(request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "has_second_factor": second_factor.has_second_factor(_person(request))}
    return render(request, f"{_FOLDER}/account.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class ChangePassword(views.PasswordChangeView):
    form_class = NewPasswordForm
    template_name = f"{_FOLDER}/password.html"
    success_url = reverse_lazy("determinations:account")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(
            self.request,
            "Your password is changed. You are signed out everywhere else. Your feeds have new addresses.",
        )
        return super().form_valid(form)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class MailedResetForm(PasswordResetForm):
    """Sends its mail aside: the time of an answer does not tell whether the account exists."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        threading.Thread(target=self._send, args=(*args,), kwargs=kwargs).start()

    def _send(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().send_mail(*args, **kwargs)
        except Exception:
            logger.exception("A mail for a new password could not be sent")


@method_decorator(login_not_required, name="dispatch")
class ResetPassword(views.PasswordResetView):
    """Asks for the email address of the account. Without a mail server, there is no such page."""

    form_class = MailedResetForm
    template_name = f"{_FOLDER}/reset.html"
    email_template_name = f"{_FOLDER}/reset_mail.txt"
    subject_template_name = f"{_FOLDER}/reset_subject.txt"
    success_url = reverse_lazy("determinations:password_reset_sent")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SENDS_EMAIL:
            raise Http404("This site sends no email. Ask its administrator for a new password.")
        return super().dispatch(*args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        self.extra_email_context = {"site_url": settings.SITE_URL}
        return super().form_valid(form)


@login_not_required
@require_safe
def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, f"{_FOLDER}/reset_sent.html")


@method_decorator(login_not_required, name="dispatch")
class NewPassword(views.PasswordResetConfirmView):
    """The page of the link in the mail."""

    template_name = f"{_FOLDER}/reset_confirm.html"
    success_url = reverse_lazy("determinations:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed. Sign in with the new one.")
        return super().form_valid(form)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Sets up an app; asks for a code where this session has not used it; or offers to remove it."""
    user = _person(request)
    if not second_factor.has_second_factor(user):
        return _set_up(request, user)
    if second_factor.is_verified(user):
        return _show(request, PasswordForm(request))
    form = CodeForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        remember_device(request, form.cleaned_data["device"])
        return redirect("determinations:account")
    return _show(request, form, asks_for_code=True)


@never_cache
@login_required
@require_POST
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    return _change(request, remove=True)


@never_cache
@login_required
@require_POST
def renew_backup_codes(request: HttpRequest) -> HttpResponse:
    return _change(request, remove=False)


def _change(request: HttpRequest, *, remove: bool) -> HttpResponse:
    """Only in a session that used the second factor, and with the password."""
    user = _person(request)
    if not second_factor.is_verified(user):
        return redirect("determinations:second_factor")
    form = PasswordForm(request, request.POST)
    if not form.is_valid():
        return _show(request, form, status=400)
    if not remove:
        return _show(request, PasswordForm(request), codes=second_factor.new_backup_codes(user))
    second_factor.remove(user)
    log_event("second factor removed", user.get_username())
    messages.success(request, "Your account no longer has a second factor.")
    return redirect("determinations:account")


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    device = second_factor.device_to_set_up(user)
    form = ConfirmForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if device.verify_token("".join(form.cleaned_data["code"].split())):
            codes = second_factor.confirm(device)
            remember_device(request, device)
            sign_out_everywhere_else(request, user, form.cleaned_data["password"])
            log_event("second factor set up", user.get_username())
            return _show(request, PasswordForm(request), codes=codes)
        form.add_error("code", "This is not the code that the app shows for this key. Is its clock right?")
    return _show(
        request,
        form,
        key=second_factor.key_in_words(device),
        picture=second_factor.qr_code(device),
        status=400 if form.errors else 200,
    )


def _show(request: HttpRequest, form: object, *, status: int = 200, **context: object) -> HttpResponse:
    given = {"form": form, "is_required": _is_required(request), **context}
    return render(request, f"{_FOLDER}/second_factor.html", given, status=status)


def _is_required(request: HttpRequest) -> bool:
    return bool(settings.STAFF_SECOND_FACTOR and _person(request).is_staff)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (every view here requires a sign-in)
    return request.user
