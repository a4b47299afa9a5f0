"""Site settings and served files, by every way and in every state."""

from django.core.files.base import ContentFile
from django.db import connection
from driver.college import clear, revoke
from driver.things import (
    Subject,
    admin,
    document,
    editor,
    image,
    in_state,
    news,
    visitor,
    words,
)
from news.models import Footer
from wagtail.models import Site
from xianshen_wagtail.asking import submit


def footer(text: str) -> Footer:
    found = Footer.for_site(Site.objects.get(is_default_site=True))
    found.text = text
    return found


def setting_in(state: str) -> Subject:
    """Return the footer's text brought to a state; nothing of it is saved."""
    text = words()
    if state == "never":
        return Subject(None, text, state)
    review = submit(footer(text), user=admin())
    if state == "pending":
        return Subject(None, text, state)
    clear(review.case)
    if state == "changed":
        text = words()
    if state == "revoked":
        revoke(review.case)
    return Subject(None, text, state)


def by_form(one: Subject) -> None:
    site = Site.objects.get(is_default_site=True)
    answer = editor().post(
        f"/admin/settings/news/footer/{site.pk}/", {"text": one.text}
    )
    if answer.status_code != 302:  # the form once more: with what was typed
        assert answer.status_code == 200, answer.status_code
        assert one.text in answer.content.decode()


def by_program(one: Subject) -> None:
    footer(one.text).save()


def by_update(one: Subject) -> None:
    footer("")
    Footer.objects.update(text=one.text)


def by_sql(one: Subject) -> None:
    footer("")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news_footer SET text = %s", [one.text])


SETTING_WAYS = (
    ("站点设置：后台表单", by_form, True),
    ("站点设置：save()", by_program, True),
    ("站点设置：update()", by_update, True),
    ("站点设置：直接写数据库（SQL）", by_sql, True),
)


def with_files() -> Subject:
    """Return a page with a document and a picture."""
    text = words()
    at = int("".join(one for one in text if one.isdigit())[:3])
    page = news(file=document(text), picture=image(at))
    return page, page.intro


def files_in(state: str) -> Subject:
    """Return the page in a state; changed means that its files were, on the disk."""
    one = in_state("cleared" if state == "changed" else state, with_files)
    one.state = state
    if state == "changed":
        one.thing.picture.get_rendition("width-30")
        _overwrite(one.thing.file.file, words().encode())
        _overwrite(one.thing.picture.file, b"\x89PNG" + words().encode())
    return one


def _overwrite(field, data: bytes) -> None:
    name = field.name
    field.storage.delete(name)
    assert field.storage.save(name, ContentFile(data)) == name


def _gets(address: str) -> bool:
    return visitor().get(address).status_code == 200


def document_by_link(one: Subject) -> bool:
    return _gets(one.thing.file.url)


def document_by_path(one: Subject) -> bool:
    return _gets(one.thing.file.file.url)


def picture_itself(one: Subject) -> bool:
    return _gets(one.thing.picture.file.url)


def picture_scaled(one: Subject) -> bool:
    found = one.thing.picture.renditions.first()
    return _gets((found or one.thing.picture.get_rendition("width-30")).url)


FILE_WAYS = (
    ("文档：Wagtail 的下载地址", document_by_link, True),
    ("文档：媒体目录的地址", document_by_path, True),
    ("图片：原图的地址", picture_itself, True),
    ("图片：缩略图的地址", picture_scaled, True),
)
