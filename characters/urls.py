from django.urls import path

from characters import crests, views

app_name = "characters"
urlpatterns = [
    path("crests/<uuid:character_id>.svg", crests.crest_svg, name="crest"),
    path("campaigns/<slug:slug>/characters", views.character_list, name="list"),
]
