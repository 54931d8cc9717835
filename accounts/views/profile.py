"""Pages about oneself: name, looks, what signs one in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts import appearance
from accounts.forms import EmailForm, PreferencesForm, ProfileForm
from accounts.operations import people, preferences, sessions, two_factor
from accounts.views.acting import acting, person


@method_decorator(never_cache, name="dispatch")
class Profile(LoginRequiredMixin, FormView):
    template_name = "accounts/profile.html"
    form_class = ProfileForm
    extra_context = {"section": "profile"}

    def get_initial(self) -> dict[str, Any]:
        return {"display_name": person(self.request).display_name}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        people.update(person(self.request), form.cleaned_data, actor=acting(self.request))
        messages.success(self.request, "Saved.")
        return redirect("accounts:profile")


@method_decorator(never_cache, name="dispatch")
class OwnPreferences(LoginRequiredMixin, FormView):
    template_name = "accounts/preferences.html"
    form_class = PreferencesForm
    extra_context = {"section": "preferences"}

    def get_initial(self) -> dict[str, Any]:
        return PreferencesForm.filled_with(preferences.of(person(self.request)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heights = len(preferences.of(person(self.request)).textarea_heights)
        return super().get_context_data(heights=heights, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user = person(self.request)
        changes = form.changes(preferences.of(user).textarea_heights)
        changed = preferences.update(user, changes, actor=acting(self.request))
        messages.success(self.request, "Saved.")
        response = redirect("accounts:preferences")
        appearance.write_cookie(response, changed.theme)
        return response


@login_required
@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {
        "section": "security",
        "second_step": two_factor.is_on(user),
        "recovery_left": two_factor.recovery_left(user),
    }
    return render(request, "accounts/security.html", context)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ChangeEmail(LoginRequiredMixin, FormView):
    template_name = "accounts/email.html"
    form_class = EmailForm
    extra_context = {"section": "security"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def get_initial(self) -> dict[str, Any]:
        return {"email": person(self.request).email}

    def form_valid(self, form: Any) -> HttpResponse:
        people.update(person(self.request), {"email": form.cleaned_data["email"]}, actor=acting(self.request))
        messages.success(self.request, "Saved.")
        return redirect("accounts:security")


@login_required
@require_POST
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Everywhere else: this session goes on under a new key, so that nobody is locked out of their own page."""
    user = sessions.end_all(person(request), actor=acting(request))
    update_session_auth_hash(request, user)
    messages.success(request, "Every other device and program is signed out.")
    return redirect("accounts:security")
