"""Take all that is kept about oneself, or leave."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts import personal
from accounts.forms import DepartureForm
from accounts.operations import departure
from accounts.views.acting import acting, person
from contract.refusals import Invalid


@login_required
@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/data.html", {"section": "data"})


@login_required
@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Everything as one JSON file. Secrets are not in it: nobody can read them back."""
    user = person(request)
    document = {"made_at": timezone.now(), **personal.everything(user)}
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="troupe-{user.username}.json"'
    return response


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Departure(LoginRequiredMixin, FormView):
    template_name = "accounts/delete.html"
    form_class = DepartureForm
    extra_context = {"section": "data"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": person(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person(self.request)
        told = {"obstacles": personal.obstacles(user), "goes": personal.goes(user), "stays": personal.stays(user)}
        return super().get_context_data(**told, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            departure.leave(person(self.request), actor=acting(self.request))
        except Invalid:
            return self.form_invalid(form)  # the page names what has to be settled
        logout(self.request)
        return render(self.request, "accounts/gone.html")
