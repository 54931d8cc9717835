from django.urls import path

from overlay import pages, views

app_name = "overlay"
urlpatterns = [
    path("campaigns/<slug:slug>", pages.hub, name="hub"),
    path("overlay/<slug:slug>", views.overlay, name="overlay"),
]
