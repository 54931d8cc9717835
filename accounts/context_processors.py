from django.http import HttpRequest

THEMES = ("auto", "dark", "light")


def appearance(request: HttpRequest) -> dict[str, str]:
    """The theme the person chose (cookie `theme`), else the system's. Rendered by the server, so nothing flickers."""
    chosen = request.COOKIES.get("theme", "auto")
    return {"theme": chosen if chosen in THEMES else "auto"}
