"""The product's addresses, and two that show what is seldom seen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import handler404, handler500
from config.urls import urlpatterns as of_the_product

__all__ = ["handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Asked to, for the photograph of the page that says so.")


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", {"too_many": True}, status=429)


urlpatterns = [path("photographs/500", broken), path("photographs/429", refused), *of_the_product]
