"""Wagtail's own interface for programs (`wagtail.api.v2`) shows what a visitor may see."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import Http404

from xianshen_wagtail.standing import settings_stand, stands

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> None:
    """Put the guard into the interface, where the site has one."""
    if not apps.is_installed("wagtail.api.v2"):
        return
    # Only there with its application; the administration's own is a kind of it.
    from wagtail.admin.api.views import (  # noqa: PLC0415 - see above
        PagesAdminAPIViewSet,
    )
    from wagtail.api.v2.views import PagesAPIViewSet  # noqa: PLC0415 - see above

    if getattr(PagesAPIViewSet, "xianshen", False):
        return
    PagesAPIViewSet.xianshen = True

    def open_to_editors(view: Any) -> bool:
        return isinstance(view, PagesAdminAPIViewSet)

    PagesAPIViewSet.get_object = _one(PagesAPIViewSet.get_object, open_to_editors)
    PagesAPIViewSet.paginate_queryset = _many(
        PagesAPIViewSet.paginate_queryset, open_to_editors
    )


def _one(get: Callable[..., Any], is_open: Callable[[Any], bool]) -> Callable[..., Any]:
    @functools.wraps(get)
    def guarded(self: Any) -> Any:
        found = get(self)
        if not is_open(self) and not (settings_stand() and stands(found)):
            raise Http404("这个页面还没有通过审查")
        return found

    return guarded


def _many(
    page: Callable[..., Any], is_open: Callable[[Any], bool]
) -> Callable[..., Any]:
    @functools.wraps(page)
    def guarded(self: Any, queryset: Any) -> Any:
        found = page(self, queryset)
        if found is None or is_open(self):
            return found
        return [one for one in found if stands(one)]

    return guarded
