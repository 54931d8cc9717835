from typing import Any

app_name = "overlay"
urlpatterns: list[Any] = []
