"""The admin site: Django's own, under Troupe's name, closed to everybody who runs no campaign."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class TroupeAdminSite(admin.AdminSite):
    site_header = "Troupe back office"
    site_title = "Troupe"
    index_title = "Your campaigns"
    enable_nav_sidebar = True


class TroupeAdminConfig(AdminConfig):
    default_site = "config.admin.TroupeAdminSite"
