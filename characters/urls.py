from django.urls import path

from characters import crests, import_page, pictures_page, views

app_name = "characters"
urlpatterns = [
    path("crests/<uuid:character_id>.svg", crests.crest_svg, name="crest"),
    path("campaigns/<slug:slug>/characters", views.character_list, name="list"),
    path("campaigns/<slug:slug>/characters/import", import_page.bring_in, name="bring_in"),
    path(
        "campaigns/<slug:slug>/characters/<uuid:character_id>/pictures",
        pictures_page.pictures,
        name="pictures",
    ),
]
