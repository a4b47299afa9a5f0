"""Between the web and the site: media files, and a word to editors who were stopped."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from xianshen_wagtail.asking import PublishBlockedError
from xianshen_wagtail.serving import is_editor, media_allowed
from xianshen_wagtail.standing import sweep_now_and_then

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger("xianshen_wagtail")
_CONFLICT = 409


class XianshenMiddleware:
    """Stands after Django's sessions, users and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand out no media file that was not cleared; look around now and then."""
        below = urlsplit(settings.MEDIA_URL).path
        if below.strip("/") and request.path.startswith(below):
            if not media_allowed(request.path, request):
                return HttpResponseNotFound("这个文件还没有通过审查")
        elif not is_editor(request):
            sweep_now_and_then()
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Tell whoever was stopped why, and bring him back to his text."""
        if not isinstance(exception, PublishBlockedError):
            return None
        _LOG.warning(
            "blocked: %s %s", type(exception.instance).__name__, exception.code
        )
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            said = {"error": exception.words, "code": exception.code}
            return JsonResponse(said, status=_CONFLICT)
        back = request.headers.get("referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        ):
            messages.error(request, exception.words)
            return redirect(back)
        return TemplateResponse(
            request,
            "xianshen_wagtail/blocked.html",
            {"said": exception.words, "back": back},
            status=_CONFLICT,
        ).render()
