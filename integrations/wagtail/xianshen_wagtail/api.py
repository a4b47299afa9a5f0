"""Wagtail's own interface for programs (`wagtail.api.v2`) shows what a visitor may see."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import Http404
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from xianshen_wagtail.files import digest_of
from xianshen_wagtail.serving import is_editor
from xianshen_wagtail.standing import file_stands, settings_stand, stands

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> None:
    """Put the guard into the interface, where the site has one; editors see everything."""
    if not apps.is_installed("wagtail.api.v2"):
        return
    # Only there with its application.
    from wagtail.api.v2.views import BaseAPIViewSet  # noqa: PLC0415 - see above

    if getattr(BaseAPIViewSet, "xianshen", False):
        return
    BaseAPIViewSet.xianshen = True
    BaseAPIViewSet.get_object = _one(BaseAPIViewSet.get_object)
    BaseAPIViewSet.paginate_queryset = _many(BaseAPIViewSet.paginate_queryset)


def _one(get: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(get)
    def guarded(self: Any) -> Any:
        found = get(self)
        if not (is_editor(self.request) or (settings_stand() and _may_be_seen(found))):
            raise Http404("这一件还没有通过审查")
        return found

    return guarded


def _many(page: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(page)
    def guarded(self: Any, queryset: Any) -> Any:
        found = page(self, queryset)
        if found is None or is_editor(self.request):
            return found
        return [one for one in found if _may_be_seen(one)]

    return guarded


def _may_be_seen(one: Any) -> bool:
    if isinstance(one, (get_image_model(), get_document_model())):
        return file_stands(digest_of(one.file))
    return stands(one)
