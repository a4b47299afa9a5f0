"""Where Wagtail asks: menus, addresses, and before something is served or published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.snippets.action_menu import ActionMenuItem as SnippetActionMenuItem

from xianshen_wagtail import admin_views, serving
from xianshen_wagtail.asking import PublishBlockedError, require, try_submitting
from xianshen_wagtail.guarded import has_drafts, is_guarded

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_BUTTON = "action-xianshen"


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Return the pages of this package among the administration's."""
    return [path("xianshen/", include((admin_views.urls, "xianshen_admin")))]


class _ForOverseers(MenuItem):
    """Shown to those who may see the list."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether it may be seen."""
        return bool(request.user.is_superuser)


@hooks.register("register_reports_menu_item")
def menu() -> MenuItem:
    """Return the entry among the reports."""
    return _ForOverseers(
        "先审", reverse("xianshen_admin:list"), icon_name="clipboard-list", order=900
    )


class SubmitItem(ActionMenuItem):
    """The button that saves a page's draft and hands it in."""

    name = _BUTTON
    label = "保存并送审（先审）"
    icon_name = "clipboard-list"


class SubmitSnippetItem(SnippetActionMenuItem):
    """The same of snippets."""

    name = _BUTTON
    label = "保存并送审（先审）"
    icon_name = "clipboard-list"

    def is_shown(self, context: Any) -> bool:
        """Show it only where there are drafts to hand in."""
        model = context["model"]
        return is_guarded(model) and has_drafts(model) and super().is_shown(context)


@hooks.register("register_page_action_menu_item")
def page_button() -> SubmitItem:
    """Return the button."""
    return SubmitItem(order=5)


@hooks.register("register_snippet_action_menu_item")
def snippet_button(_model: Any) -> SubmitSnippetItem:
    """Return the button."""
    return SubmitSnippetItem(order=5)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def hand_in(request: HttpRequest, instance: Any) -> None:
    """Hand in what was saved, if that button was pressed."""
    if not request.POST.get(_BUTTON) or not has_drafts(type(instance)):
        return
    failed = try_submitting(instance.get_latest_revision_as_object(), user=request.user)
    if failed:
        messages.error(request, f"已保存，但没有送到先审：{failed}")
    else:
        messages.success(request, f"《{instance}》已送先审审查")


@hooks.register("before_publish_page")
@hooks.register("before_publish")
def ask_first(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Stop a publication while its text is already safe, and say why."""
    if not is_guarded(type(instance)):
        return None
    try:
        require(instance.get_latest_revision_as_object(), ahead=True)
    except PublishBlockedError as error:
        messages.error(request, f"{error.words}文字已存为草稿，没有丢失。")
        return redirect(admin_views.edit_address(instance))
    return None


@hooks.register("before_bulk_action")
def ask_of_all(
    request: HttpRequest, action: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    """Name those that may not go out; without them nothing of the choice does."""
    if action != "publish":
        return None
    said = [words for one in objects if (words := _refused(one))]
    for one in said:
        messages.error(request, one)
    return redirect(view.next_url) if said else None


def _refused(instance: Any) -> str | None:
    if not is_guarded(type(instance)):
        return None
    try:
        require(instance.get_latest_revision_as_object(), ahead=True)
    except PublishBlockedError as error:
        return error.words
    return None


@hooks.register("before_serve_page", order=-1000)
def page(page: Any, *_: Any, **__: Any) -> HttpResponse | None:
    """Show visitors only what was cleared."""
    return serving.guard_page(page)


@hooks.register("before_serve_document", order=-1000)
def document(document: Any, request: HttpRequest) -> None:
    """Hand out only what was cleared."""
    serving.guard_document(document, request)
