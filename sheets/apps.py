from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "sheets"
    verbose_name = "Sheets"

    def ready(self) -> None:
        from sheets import personal_part
        from sheets.operations import portraits

        personal_part.register()
        portraits.register_claim()
