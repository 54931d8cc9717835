from django.urls import path

from overlay import views

app_name = "overlay"
urlpatterns = [
    path("overlay/<slug:slug>", views.overlay, name="overlay"),
]
