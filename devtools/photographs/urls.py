"""The product's addresses, and one that fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler404, handler500
from config.urls import urlpatterns as of_the_product

__all__ = ["handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Asked to, for the photograph of the page that says so.")


urlpatterns = [path("photographs/500", broken), *of_the_product]
