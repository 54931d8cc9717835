from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import team_urls
from accounts.views import connections, departure, entrance, keys, passwords, profile, second_step

app_name = "accounts"
by_houses = [
    path("<str:backend>", connections.begin, name="begin"),
    path("<str:backend>/complete", connections.complete, name="complete"),
]
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts:profile"), name="self"),
    path("login", entrance.SignIn.as_view(), name="login"),
    path("login/code", second_step.SecondStep.as_view(), name="second_step"),
    path("signup", entrance.SignUp.as_view(), name="sign_up"),
    path("logout", auth_views.LogoutView.as_view(template_name="accounts/logged_out.html"), name="logout"),
    path("password/lost", passwords.LostPassword.as_view(), name="lost_password"),
    path("password/new/<uidb64>/<token>", passwords.NewPassword.as_view(), name="new_password"),
    path("with/", include((by_houses, "social"))),
    path("connections", connections.connected, name="connections"),
    path("connections/<str:backend>/disconnect", connections.disconnect, name="disconnect"),
    path("data", departure.own_data, name="data"),
    path("data/download", departure.download, name="download"),
    path("data/delete", departure.Departure.as_view(), name="delete"),
    path("profile", profile.Profile.as_view(), name="profile"),
    path("preferences", profile.OwnPreferences.as_view(), name="preferences"),
    path("security", profile.security, name="security"),
    path("security/password", passwords.ChangePassword.as_view(), name="change_password"),
    path("security/email", profile.ChangeEmail.as_view(), name="change_email"),
    path("security/everywhere", profile.log_out_everywhere, name="log_out_everywhere"),
    path("security/second-step", second_step.SwitchOn.as_view(), name="second_step_on"),
    path("security/second-step/off", second_step.SwitchOff.as_view(), name="second_step_off"),
    path("keys", keys.own_keys, name="keys"),
    path("keys/<uuid:key_id>/rotate", keys.rotate, name="rotate_key"),
    path("keys/<uuid:key_id>/revoke", keys.revoke, name="revoke_key"),
    *team_urls.urlpatterns,
]
