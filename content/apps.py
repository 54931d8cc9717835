from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        from content import personal_part, tasks

        personal_part.register()
        tasks.register_all()
