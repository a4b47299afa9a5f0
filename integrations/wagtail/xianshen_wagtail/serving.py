"""What is served: pages, documents, pictures; everything else stays behind the door."""

from __future__ import annotations

import hashlib
import logging
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.models import Filter

from xianshen_wagtail.conf import conf
from xianshen_wagtail.files import digest_of
from xianshen_wagtail.models import Scaled
from xianshen_wagtail.standing import (
    file_stands,
    settings_stand,
    stands,
)

_LOG = logging.getLogger("xianshen_wagtail")
_UNAVAILABLE = 503
_A_MINUTE = 60


def is_editor(request: HttpRequest) -> bool:
    """Tell whether somebody asks who sees drafts anyhow."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.has_perm("wagtailadmin.access_admin"))


def guard_page(page: Any) -> HttpResponse | None:
    """Return what a visitor gets instead of a page that is not what was cleared.

    Raises:
        Http404: The page is not to be seen.
    """
    if not stands(page):
        _LOG.error("not served, not cleared: page %s", page.pk)
        raise Http404("这个页面还没有通过审查")
    if not settings_stand():
        _LOG.error("nothing is served: the site's settings are not what was cleared")
        return HttpResponse(
            "网站设置与审查通过的不一致，暂停服务；请网站管理员在后台送审或改回。",
            status=_UNAVAILABLE,
            content_type="text/plain; charset=utf-8",
        )
    return None


def guard_document(document: Any, request: HttpRequest) -> None:
    """Let nobody but editors have a document that is not part of something cleared.

    Raises:
        Http404: It is not.
    """
    if not is_editor(request) and not file_stands(digest_of(document.file)):
        raise Http404("这个文件还没有通过审查")


def media_allowed(path: str, request: HttpRequest) -> bool:
    """Tell whether a file below MEDIA_URL may be handed out.

    `path` is as the address has it. What is no picture's and no document's file is
    handed out only where the settings name its folder.
    """
    below = urlsplit(settings.MEDIA_URL).path
    name = unquote(urlsplit(path).path)
    if not name.startswith(below) or ".." in name.split("/"):
        return False
    name = name[len(below) :]
    if name.startswith(conf().media_exempt or ("\0",)):
        return True
    if is_editor(request):
        return True
    for model in (get_image_model(), get_document_model()):
        if found := model._base_manager.filter(file=name).first():
            return file_stands(digest_of(found.file))
    made = get_image_model().get_rendition_model()
    scaled = made._base_manager.filter(file=name).select_related("image").first()
    return scaled is not None and _is_as_made(scaled)


def _is_as_made(scaled: Any) -> bool:
    """Tell whether it was made of a cleared picture, and is still what was made.

    Of one that nobody wrote down (made before this package came, or several at once) the
    picture is scaled again, and has to be the same.
    """
    original, now = digest_of(scaled.image.file), digest_of(scaled.file)
    if not file_stands(original):
        return False
    seen = Scaled.objects.filter(path=scaled.file.name).first()
    if seen is not None and seen.holds():
        return (seen.sha256, seen.original) == (now, original)
    if now != _made_anew(scaled, original):
        _LOG.error("not served, not what is made of its picture: %s", scaled.file.name)
        return False
    _write_down(scaled.file.name, now, original)
    return True


def _made_anew(scaled: Any, original: str) -> str:
    """Return the digest of what scaling makes today; kept for a moment."""
    name = f"xianshen:made:{scaled.pk}:{original}"
    known = cache.get(name)
    if isinstance(known, str):
        return known
    made = scaled.image.generate_rendition_file(Filter(spec=scaled.filter_spec))
    whole = hashlib.sha256()
    for part in made.chunks():
        whole.update(part)
    cache.set(name, whole.hexdigest(), _A_MINUTE)
    return whole.hexdigest()


def keep_scaled(instance: Any, **_: Any) -> None:
    """Write down what Wagtail made of a picture."""
    now, original = digest_of(instance.file), digest_of(instance.image.file)
    _write_down(instance.file.name, now, original)


def _write_down(path: str, sha256: str, original: str) -> None:
    said = {"sha256": sha256, "original": original}
    said["seal"] = Scaled(path=path, **said).sealed()
    Scaled.objects.update_or_create(path=path, defaults=said)
