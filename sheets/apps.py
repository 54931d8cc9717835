from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "sheets"
    verbose_name = "Sheets"

    def ready(self) -> None:
        from django.db.models import Q

        from characters import cast
        from sheets import personal_part, stains
        from sheets.operations import portraits

        cast.register(Q(sheet_group__isnull=False))
        personal_part.register()
        portraits.register_claim()
        stains.register()
