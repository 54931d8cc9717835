"""A new password: by somebody signed in, or by a link sent to the account's e-mail address."""

from datetime import timedelta
from typing import Any

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import post
from accounts.addresses import absolute
from accounts.forms import LostPasswordForm, NewPasswordForm, PasswordForm
from accounts.models import User
from accounts.operations import people
from accounts.views.acting import acting, person

BETWEEN_LETTERS = timedelta(minutes=5)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ChangePassword(LoginRequiredMixin, FormView):
    template_name = "accounts/password.html"
    form_class = PasswordForm
    extra_context = {"section": "security"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        user = person(self.request)
        people.set_password(user, form.cleaned_data["new_password"], actor=acting(self.request))
        update_session_auth_hash(self.request, user)  # this session goes on, under a new key
        messages.success(self.request, "Your password is changed. Other devices are signed out.")
        return redirect("accounts:security")


class LostPassword(FormView):
    """Answers alike whether or not somebody has the address: the same page, and the letter leaves later."""

    template_name = "accounts/lost_password.html"
    form_class = LostPasswordForm

    def form_valid(self, form: LostPasswordForm) -> HttpResponse:
        index = form.index()
        if cache.add(f"letter:{index}", True, BETWEEN_LETTERS.total_seconds()):  # asked for either way
            for user in User.objects.filter(email_index=index, is_active=True)[:5]:
                self._write_to(user)
        return render(self.request, "accounts/letter_sent.html", {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60})

    def _write_to(self, user: User) -> None:
        names = {
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }
        context = {
            "name": user.username,
            "link": absolute(self.request, reverse("accounts:new_password", kwargs=names)),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        post.send(user.email, "accounts/letters/new_password.txt", context)


class NewPassword(auth_views.PasswordResetConfirmView):
    """Django's, with our form: the token leaves the address before the page is shown."""

    template_name = "accounts/new_password.html"
    form_class = NewPasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.user
        people.set_password(user, form.cleaned_data["new_password"], actor=acting(self.request, user))
        forget_failures(username=user.username)
        self.request.session.pop(auth_views.INTERNAL_RESET_SESSION_TOKEN, None)
        messages.success(self.request, "Your new password is set. Sign in with it.")
        return redirect(self.success_url)
