from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns", views.campaign_list, name="list"),
    path("campaigns/<slug:slug>/episodes", views.episode_list, name="episodes"),
    path("campaigns/<slug:slug>/episodes/<int:number>", views.episode_detail, name="episode"),
]
