from django.urls import path

from characters import crests, views

app_name = "characters"
urlpatterns = [
    path("crests/<uuid:character_id>.svg", crests.crest_svg, name="crest"),
    path("campaigns/<slug:slug>/characters", views.character_list, name="list"),
    path("campaigns/<slug:slug>/characters/<uuid:character_id>", views.character_detail, name="detail"),
]
