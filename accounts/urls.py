from django.contrib.auth import views
from django.urls import path

from accounts import team_urls

app_name = "accounts"
urlpatterns = [
    path("login", views.LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout", views.LogoutView.as_view(template_name="accounts/logged_out.html"), name="logout"),
    *team_urls.urlpatterns,
]
