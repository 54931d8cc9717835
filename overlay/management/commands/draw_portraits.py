"""manage.py draw_portraits: draw the demo's pictures anew, after their code changed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from overlay.demo import portraits


class Command(BaseCommand):
    help = "Draw the portraits and the scene of the demo into static/demo. The files are part of the repository."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static/demo"
        for name, drawing in portraits.drawings().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawing)
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(drawing) / 1024:.0f} KB")
