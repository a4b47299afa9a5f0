"""The addresses that 先审 and the web server call: include them in the site's own.

path("xianshen/", include("xianshen_wagtail.urls")),
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from xianshen_wagtail.serving import media_allowed
from xianshen_wagtail.webhook import receive


def media(request: HttpRequest) -> HttpResponse:
    """Answer nginx' `auth_request`: 204 if the file may go out, else 403."""
    asked = request.headers.get("X-Original-URI", "")
    return HttpResponse(status=204 if media_allowed(asked, request) else 403)


urlpatterns = [
    path("hook/", receive, name="xianshen_webhook"),
    path("media/", media, name="xianshen_media"),
]
