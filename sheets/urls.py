from django.urls import path

from sheets import views

app_name = "sheets"
urlpatterns = [
    path("sheets", views.sheet_list, name="list"),
    path("sheets/<uuid:sheet_id>", views.sheet, name="sheet"),
]
