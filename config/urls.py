from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("api/v1/", include("config.api")),
    path("", include("campaigns.urls")),
    path("", include("characters.urls")),
    path("", include("overlay.urls")),
]

handler404 = views.not_found
handler500 = views.server_error
