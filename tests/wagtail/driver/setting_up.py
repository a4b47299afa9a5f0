"""The site's database, from nothing, with a home page that shows everything there is."""

from django.conf import settings
from django.core.management import call_command


def set_up() -> None:
    folder = settings.BASE_DIR / "news_made"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    call_command("makemigrations", "news", verbosity=0)
    call_command("migrate", verbosity=0)
    # Only once the applications are there.
    from news.models import NewsPage  # noqa: PLC0415 - see above
    from wagtail.models import Page, Site  # noqa: PLC0415 - see above

    home = NewsPage(title="云山新闻网", slug="yunshan", live=False)
    Page.get_first_root_node().add_child(instance=home)
    site = Site.objects.get(is_default_site=True)
    first, site.root_page = site.root_page, home
    site.save()
    first.delete()
