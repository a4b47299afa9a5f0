"""A page that is public and cleared, and every way to change what visitors see of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from driver.college import clear
from driver.others import _overwrite, with_files
from driver.pages import form_of
from driver.things import admin, document, editor, image, seen, visitor
from news.models import NewsPage, Winner
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from xianshen_wagtail.asking import PublishBlockedError, submit

NEW = "临时加上的一句话"


def published() -> NewsPage:
    """Return a page that was cleared and has gone out."""
    page, _ = with_files()
    latest = page.get_latest_revision_as_object()
    latest.body = f"<p>{latest.intro}</p>"
    latest.save_revision(user=admin())
    review = submit(page.get_latest_revision_as_object(), user=admin())
    clear(review.case)
    page.get_latest_revision().publish(user=admin())
    return NewsPage.objects.get(pk=page.pk)


def _edited(**changes: str) -> Callable[[NewsPage], None]:
    def way(page: NewsPage) -> None:
        sent = form_of(page, **{"action-publish": "1"})
        editor().post(f"/admin/pages/{page.pk}/edit/", {**sent, **changes})
        latest = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        for name, value in changes.items():
            assert getattr(latest, name) == value, "文字丢了"

    return way


def _saved(**changes: str) -> Callable[[NewsPage], None]:
    def way(page: NewsPage) -> None:
        for name, value in changes.items():
            setattr(page, name, value)
        page.save()

    return way


def _by_child(page: NewsPage) -> None:
    Winner.objects.create(page=page, name=NEW)


def _by_update(page: NewsPage) -> None:
    NewsPage.objects.filter(pk=page.pk).update(intro=NEW)


def _by_stream(page: NewsPage) -> None:
    NewsPage.objects.filter(pk=page.pk).update(parts=[("names", [NEW])])


def _by_sql(page: NewsPage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_page SET title = %s WHERE id = %s", [NEW, page.pk]
        )


def _by_other_picture(page: NewsPage) -> None:
    NewsPage.objects.filter(pk=page.pk).update(picture=image(7))


def _by_picture_bytes(page: NewsPage) -> None:
    _overwrite(page.picture.file, b"\x89PNG another")


def _by_document_bytes(page: NewsPage) -> None:
    _overwrite(page.file.file, NEW.encode())


def _by_document_form(page: NewsPage) -> None:
    sent = {"title": page.file.title, "file": ContentFile(NEW.encode(), name="n.txt")}
    answer = editor().post(f"/admin/documents/edit/{page.file.pk}/", sent)
    assert answer.status_code == 200, answer.status_code
    assert "不能替换" in answer.content.decode()


def _by_picture_form(page: NewsPage) -> None:
    sent = {"title": NEW, "focal_point_x": "", "focal_point_y": ""}
    answer = editor().post(f"/admin/images/{page.picture.pk}/", sent)
    assert answer.status_code == 200, answer.status_code
    assert "不能替换" in answer.content.decode()


def _by_document_program(page: NewsPage) -> None:
    found = get_document_model().objects.get(pk=page.file.pk)
    found.file = ContentFile(NEW.encode(), name="n.txt")
    found.save()


def _by_document_update(page: NewsPage) -> None:
    other = document(NEW)
    get_document_model().objects.filter(pk=page.file.pk).update(file=other.file.name)


def _by_picture_title(page: NewsPage) -> None:
    get_image_model().objects.filter(pk=page.picture.pk).update(title=NEW)


# Whether the public version stays up: by what Wagtail does itself, it does.
WAYS = (
    ("已公开后改：编辑页改导语再发布", _edited(intro=NEW), True),
    ("已公开后改：编辑页改标题再发布", _edited(title=NEW), True),
    ("已公开后改：编辑页改网址名再发布", _edited(slug="lin-shi-jia"), True),
    ("已公开后改：编辑页改搜索标题再发布", _edited(seo_title=NEW), True),
    ("已公开后改：程序改标题 save()", _saved(title=NEW), True),
    ("已公开后改：程序改网址名 save()", _saved(slug="lin-shi-jia"), True),
    ("已公开后改：程序改正文 save()", _saved(body=f"<p>{NEW}</p>"), True),
    ("已公开后改：单独加一条子记录", _by_child, False),
    ("已公开后改：update() 改导语", _by_update, False),
    ("已公开后改：update() 改流式正文", _by_stream, False),
    ("已公开后改：SQL 改标题", _by_sql, False),
    ("已公开后改：换一张没有审的图", _by_other_picture, False),
    ("已公开后改：磁盘上换图片", _by_picture_bytes, False),
    ("已公开后改：磁盘上换附件", _by_document_bytes, False),
    ("已公开后改：后台替换附件", _by_document_form, True),
    ("已公开后改：后台改图片", _by_picture_form, True),
    ("已公开后改：程序替换附件", _by_document_program, True),
    ("已公开后改：update() 换附件", _by_document_update, False),
    ("已公开后改：update() 改图片标题", _by_picture_title, False),
)


def alterations() -> Iterator[tuple[str, bool, bool, str]]:
    """Yield (name, whether the public version stays up, whether it should, note)."""
    for name, way, stays in WAYS:
        page = published()
        text, note = page.intro, ""
        here = f"/{page.slug}/"
        assert seen(text, here), "the page is not up to begin with"
        try:
            way(page)
        except PublishBlockedError:
            pass
        except Exception:
            note = traceback.format_exc(limit=-4)
        cache.clear()
        address = page.file.url
        if seen(NEW, here, "/lin-shi-jia/", address) or seen(text, "/lin-shi-jia/"):
            note += " 没有审的内容看得见"
        if not stays and visitor().get(here).status_code != 404:
            note += " 不是 404"
        yield name, seen(text, here), stays, note
