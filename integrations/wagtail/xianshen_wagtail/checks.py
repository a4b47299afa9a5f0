"""What `manage.py check` says of the settings: a hole in them is an error."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.checks import Warning as Caution
from django.urls import NoReverseMatch, reverse
from wagtail.snippets.models import get_snippet_models

from xianshen_wagtail.conf import SettingsWrongError, conf, gate
from xianshen_wagtail.guarded import is_guarded

_MIDDLEWARE = "xianshen_wagtail.middleware.XianshenMiddleware"


@register("xianshen")
def look(app_configs: Any, **_: Any) -> list[Any]:  # noqa: ARG001 - Django gives it
    """Return what is missing or wrong."""
    try:
        now = conf()
    except (SettingsWrongError, TypeError) as error:
        return [Error(str(error), id="xianshen.E001")]
    return [*_of_gate(now), *_of_site(), *_of_files(), *_of_snippets(now)]


def _of_gate(now: Any) -> list[Any]:
    found: list[Any] = []
    try:
        gate()
    except SettingsWrongError as error:
        found.append(
            Error(str(error), hint="设置 XIANSHEN 的 URL 和 KEY。", id="xianshen.E002")
        )
    if not now.department:
        found.append(
            Error(
                "XIANSHEN 没有写 DEPARTMENT", hint="写送审的部门。", id="xianshen.E003"
            )
        )
    if not now.webhook_secret:
        found.append(
            Error(
                "XIANSHEN 没有写 WEBHOOK_SECRET",
                hint="许可撤销时要靠通知立即撤下；登记站点时显示过一次。",
                id="xianshen.E004",
            )
        )
    if now.exempt:
        names = "、".join(now.exempt)
        found.append(Caution(f"这些内容不经审查就公开：{names}", id="xianshen.W001"))
    return found


def _of_site() -> list[Any]:
    found: list[Any] = []
    chain = list(settings.MIDDLEWARE)
    if _MIDDLEWARE not in chain:
        found.append(
            Error(
                f"MIDDLEWARE 里没有 {_MIDDLEWARE}",
                hint="写在最后。",
                id="xianshen.E005",
            )
        )
    elif any(
        chain.index(one) > chain.index(_MIDDLEWARE)
        for one in (
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        )
        if one in chain
    ):
        found.append(
            Error(f"{_MIDDLEWARE} 要写在登录和消息的中间件之后", id="xianshen.E006")
        )
    try:
        reverse("xianshen_webhook")
    except NoReverseMatch:
        found.append(
            Error(
                "网址里没有 xianshen_wagtail.urls",
                hint='加上 path("xianshen/", include("xianshen_wagtail.urls"))。',
                id="xianshen.E007",
            )
        )
    if any(one.get("ATOMIC_REQUESTS") for one in settings.DATABASES.values()):
        found.append(
            Caution(
                "数据库开着 ATOMIC_REQUESTS：工作流里被拦下时，同一次提交的文字会一起撤销",
                hint="请关掉；Wagtail 自己会用事务。",
                id="xianshen.W002",
            )
        )
    return found


def _of_snippets(now: Any) -> list[Any]:
    """Name the snippets without drafts: what an editor saves of them is public at once."""
    exempt = {one.lower() for one in now.exempt}
    plain = [
        model._meta.label
        for model in get_snippet_models()
        if not is_guarded(model) and model._meta.label_lower not in exempt
    ]
    if not plain:
        return []
    return [
        Caution(
            f"这些片段没有草稿，一保存就公开，不经审查：{'、'.join(plain)}",
            hint="写进 XIANSHEN 的 MODELS；与读者无关的写进 EXEMPT。",
            id="xianshen.W004",
        )
    ]


def _of_files() -> list[Any]:
    found: list[Any] = []
    if getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None) in {"direct", "redirect"}:
        found.append(
            Error(
                "WAGTAILDOCS_SERVE_METHOD 让访问者绕过 Wagtail 直接取文件",
                hint="改成 serve_view。",
                id="xianshen.E008",
            )
        )
    if settings.MEDIA_URL.startswith(("http:", "https:", "//")):
        found.append(
            Caution(
                "媒体文件由另一台服务器给出，这里拦不住没有审查的图片",
                hint="在那台服务器上用 auth_request 问 /xianshen/media/，见 README。",
                id="xianshen.W003",
            )
        )
    return found
