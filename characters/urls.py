from typing import Any

app_name = "characters"
urlpatterns: list[Any] = []
