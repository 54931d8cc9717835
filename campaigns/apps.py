from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Campaigns"

    def ready(self) -> None:
        from campaigns import personal_part, registered, shelf

        registered.register()
        shelf.register()
        personal_part.register()
