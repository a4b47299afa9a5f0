"""The site's database, from nothing."""

from django.conf import settings
from django.core.management import call_command


def set_up() -> None:
    folder = settings.BASE_DIR / "news_made"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    call_command("makemigrations", "news", verbosity=0)
    call_command("migrate", verbosity=0)
