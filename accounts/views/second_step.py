"""The second step at sign-in, and the pages that switch it on and off."""

import base64
from io import BytesIO
from typing import Any

import qrcode
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from qrcode.image.svg import SvgPathImage

from accounts import lockout, signing_in
from accounts.forms import CodeForm, SwitchOffForm
from accounts.operations import two_factor
from accounts.views.acting import acting, person

WRONG = "This code does not fit. Codes change every 30 seconds, and each works once."


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SecondStep(FormView):
    """After the password: without somebody who has proven it, back to the beginning."""

    template_name = "accounts/second_step.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = signing_in.waiting(request)
        if found is None:
            return redirect("accounts:login")
        self.user, self.pending = found
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not two_factor.check(self.user, form.cleaned_data["code"]):
            signing_in.count_try(self.request)
            lockout.count_failure(self.request, self.user.username)
            form.add_error("code", WRONG)
            return self.form_invalid(form)
        self.request.session.pop(signing_in.PENDING)
        return signing_in.open_session(self.request, self.user, self.pending["next"])


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SwitchOn(LoginRequiredMixin, FormView):
    """Shows the seed until a code proves that the app has it; then, once, the recovery codes."""

    template_name = "accounts/second_step_on.html"
    form_class = CodeForm
    extra_context = {"section": "security"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and two_factor.is_on(person(request)):
            return redirect("accounts:security")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = two_factor.begin(person(self.request))
        seed = {"picture": qr(two_factor.uri(device)), "spelled": two_factor.spelled(device)}
        return super().get_context_data(**seed, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        codes = two_factor.confirm(person(self.request), form.cleaned_data["code"], actor=acting(self.request))
        if codes is None:
            form.add_error("code", WRONG)
            return self.form_invalid(form)
        return render(self.request, "accounts/recovery_codes.html", {"codes": codes, "section": "security"})


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SwitchOff(LoginRequiredMixin, FormView):
    template_name = "accounts/second_step_off.html"
    form_class = SwitchOffForm
    extra_context = {"section": "security"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        two_factor.switch_off(person(self.request), actor=acting(self.request))
        messages.success(self.request, "The second step is off.")
        return redirect("accounts:security")


def qr(text: str) -> str:
    """The text as a QR picture, in a data: address (the policy allows pictures there, and nothing else)."""
    stream = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, box_size=10, border=0).save(stream)
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode()
