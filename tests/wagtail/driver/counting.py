"""Whatever an editor can fill in counts, and is told to the gate; prints what does not."""

import os
import sys
from pathlib import Path

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402 - only once Django is set up
from django.contrib.contenttypes.models import ContentType  # noqa: E402 - as above
from django.core.cache import cache  # noqa: E402 - as above
from django.test import RequestFactory  # noqa: E402 - as above
from driver.setting_up import set_up  # noqa: E402 - as above
from driver.things import image  # noqa: E402 - as above
from news.models import Link, Links, NewsPage  # noqa: E402 - as above
from wagtail.images import get_image_model  # noqa: E402 - as above
from wagtail.models import Page, Site  # noqa: E402 - as above
from xianshen_wagtail.content import contents_of, fingerprint, is_blank  # noqa: E402 - as above
from xianshen_wagtail.files import digest_of  # noqa: E402 - as above
from xianshen_wagtail.models import Review, ReviewFile, Scaled  # noqa: E402 - as above
from xianshen_wagtail.serving import media_allowed  # noqa: E402 - as above
from xianshen_wagtail.standing import settings_stand  # noqa: E402 - as above

NEW = "夹带的一句"


def page(**fields) -> NewsPage:
    return NewsPage(title="简讯", slug="news", pk=1, **fields)


def parts(*said) -> NewsPage:
    field = NewsPage._meta.get_field("parts")
    return page(parts=field.to_python([{"type": one, "value": of} for one, of in said]))


def expect(name: str, *, holds: bool) -> None:
    if not holds:
        sys.stdout.write(f"not so: {name}\n")


def counts(name: str, one: NewsPage, other: NewsPage) -> None:
    told, more = contents_of(one), contents_of(other)
    expect(f"{name} counts", holds=told.fingerprint != more.fingerprint)
    expect(f"{name} is told", holds=NEW in more.html and NEW not in told.html)
    again = contents_of(other).fingerprint
    expect(f"{name} counts always alike", holds=again == more.fingerprint)


def fields() -> None:
    for name in ("intro", "notepage", "site"):
        counts(name, page(), page(**{name: NEW}))
    plain = "<p>短讯</p>"
    counts("comment", page(body=plain), page(body=f"{plain}<!--{NEW}-->"))
    link = '<a href="https://a.cn/">看</a>'
    counts(
        "second href",
        page(body=link),
        page(body=link.replace("<a", f'<a href="https://b.cn/{NEW}"')),
    )


def blocks() -> None:
    picture = image(1)

    def shown(alt: str) -> NewsPage:
        return parts(
            ("described", {"image": picture.pk, "alt_text": alt, "decorative": False})
        )

    counts("alt", shown("合影"), shown(NEW))
    before = contents_of(shown("合影"))
    get_image_model().objects.filter(pk=picture.pk).update(description=NEW)
    after = contents_of(shown("合影"))
    expect("description counts", holds=before.fingerprint != after.fingerprint)
    expect("description is told", holds=NEW in after.html)

    def table(heading: str, cell: str, caption: str) -> NewsPage:
        columns = [{"type": "text", "heading": heading}]
        rows = [{"values": [cell]}]
        return parts(("table", {"columns": columns, "rows": rows, "caption": caption}))

    plain = table("甲", "乙", "丙")
    counts("heading", plain, table(NEW, "乙", "丙"))
    counts("cell", plain, table("甲", NEW, "丙"))
    counts("caption", plain, table("甲", "乙", NEW))
    counts(
        "video",
        parts(("video", "https://v.cn/1")),
        parts(("video", f"https://v.cn/{NEW}")),
    )


def settings() -> None:
    links = Links.for_site(Site.objects.get(is_default_site=True))
    expect("an empty setting is blank", holds=is_blank(links))
    Link.objects.create(of=links, text=NEW)
    links = Links.objects.get()
    expect("a setting with children is not blank", holds=not is_blank(links))
    expect("it does not stand", holds=not settings_stand())


def files() -> None:
    file = image(2).file
    path = Path(file.path)
    os.utime(path, (1, 1))
    first, seen = digest_of(file), path.stat()
    with path.open("r+b") as opened:
        opened.write(b"X" * seen.st_size)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    expect("other bytes of the same size and time", holds=digest_of(file) != first)


def served(picture) -> bool:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    cache.clear()
    return media_allowed(picture.url, request)


def scaled() -> None:
    good, other = image(3), image(4).get_rendition("width-30")
    kind = ContentType.objects.get_for_model(Page)
    known = Review(content_type=kind, object_id="1", number=1, external_id="e")
    known.title, known.html, known.digests = "t", "h", []
    known.fingerprint = fingerprint("t", "h", [])
    known.close("allowed")
    known.save()
    ReviewFile.objects.create(review=known, sha256=digest_of(good.file))
    made = good.get_rendition("width-20")
    expect("a scaled picture is served", holds=served(made))
    Scaled.objects.all().delete()
    expect("one of before is made anew", holds=served(made))
    expect("and written down", holds=Scaled.objects.get().holds())
    type(other).objects.filter(pk=other.pk).update(image=good)
    other.refresh_from_db()
    said = {"sha256": digest_of(other.file), "original": digest_of(good.file)}
    expect("another's scaled picture is not", holds=not served(other))
    Scaled.objects.create(path=other.file.name, **said)
    expect("nor with a row by hand", holds=not served(other))


if __name__ == "__main__":
    set_up()
    cache.clear()
    fields()
    blocks()
    files()
    scaled()
    settings()
    sys.stdout.write("done\n")
