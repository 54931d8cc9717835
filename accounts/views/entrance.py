"""The way in: sign in by password, sign up."""

from typing import Any

from django.contrib.auth import views as auth_views
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import signing_in
from accounts.actors import Actor
from accounts.addresses import own_path
from accounts.forms import SignInForm, SignUpForm
from accounts.operations import people

PASSWORDS = "django.contrib.auth.backends.ModelBackend"


class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        return signing_in.go_in(self.request, form.get_user(), self.get_redirect_url())

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return own_path(self.request, self.request.POST.get("next") or self.request.GET.get("next"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(providers=signing_in.providers(), **kwargs)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SignUp(FormView):
    template_name = "accounts/sign_up.html"
    form_class = SignUpForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return redirect(self.next_path() or "accounts:profile")
        return super().dispatch(request, *args, **kwargs)

    def next_path(self) -> str:
        return own_path(self.request, self.request.POST.get("next") or self.request.GET.get("next"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(providers=signing_in.providers(), next=self.next_path(), **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        named = form.cleaned_data
        actor = Actor(via="sign-up", request_id=getattr(self.request, "request_id", ""))
        user = people.create(named["username"], named["password"], actor=actor, email=named["email"])
        user.backend = PASSWORDS
        return signing_in.go_in(self.request, user, self.next_path() or reverse("accounts:profile"))
