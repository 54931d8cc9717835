from django.apps import AppConfig


class OverlayConfig(AppConfig):
    name = "overlay"
    verbose_name = "Overlay"

    def ready(self) -> None:
        from overlay import registered

        registered.register()
