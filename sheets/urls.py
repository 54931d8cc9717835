from django.urls import path

from sheets import chronicle_page, portraits_page, table_page, views
from sheets.pdf import view as pdf_view

app_name = "sheets"
urlpatterns = [
    path("sheets", views.sheet_list, name="list"),
    path("sheets/<uuid:sheet_id>", views.sheet, name="sheet"),
    path("sheets/<uuid:sheet_id>/pdf", pdf_view.pdf, name="pdf"),
    path("sheets/<uuid:sheet_id>/pictures", portraits_page.pictures, name="pictures"),
    path("campaigns/<slug:slug>/sheets", table_page.chronicle_table, name="table"),
    path("campaigns/<slug:slug>/chronicle", chronicle_page.chronicle, name="chronicle"),
]
