from django.urls import path

from campaigns import beginning, discovery, library_page, views

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns", views.campaign_list, name="list"),
    path("begin", beginning.begin, name="begin"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.site_map, name="site_map"),
    path("sitemap-<int:number>.xml", discovery.site_map_page, name="site_map_page"),
    path("campaigns/<slug:slug>/episodes.rss", discovery.feed, name="feed"),
    path("campaigns/<slug:slug>/library", library_page.library, name="library"),
    path("campaigns/<slug:slug>/library/<uuid:asset_id>", library_page.file, name="file"),
    path("campaigns/<slug:slug>/episodes", views.episode_list, name="episodes"),
    path("campaigns/<slug:slug>/episodes/<int:number>", views.episode_detail, name="episode"),
]
