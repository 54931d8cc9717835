from django.contrib import admin
from django.urls import include, path

from accounts.views import invitations
from config import app, views

urlpatterns = [
    # Answered by config.probes before; here so that they have names.
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("api/v1/", include("config.api")),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("service-worker.js", app.service_worker, name="service_worker"),
    path("offline", app.offline, name="offline"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("invitations", invitations.look, name="invitations"),
    path("invitations/open", invitations.open_invitation, name="open_invitation"),
    path("", include("content.urls")),
    path("", include("campaigns.urls")),
    path("", include("characters.urls")),
    path("", include("sheets.urls")),
    path("", include("overlay.urls")),
]

handler404 = views.not_found
handler500 = views.server_error
