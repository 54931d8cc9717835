from django.urls import path

from overlay import character_page, pages, views
from overlay.desk import buttons, obs
from overlay.desk import page as desk

app_name = "overlay"
urlpatterns = [
    path("campaigns/<slug:slug>", pages.hub, name="hub"),
    path(
        "campaigns/<slug:slug>/characters/<uuid:character_id>",
        character_page.character,
        name="character",
    ),
    path("campaigns/<slug:slug>/control", desk.control, name="control"),
    path("campaigns/<slug:slug>/control/obs", obs.obs, name="obs"),
    path("campaigns/<slug:slug>/control/buttons", buttons.buttons, name="buttons"),
    path("overlay/<slug:slug>", views.overlay, name="overlay"),
]
