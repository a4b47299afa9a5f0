"""The editor's own pages: a panel beside the text, and forms that say no by themselves."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import BaseModelForm
from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView as PageEditView
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.snippets.views.snippets import EditView as SnippetEditView
from xianshen_gate import GateError

from xianshen_wagtail.asking import PublishBlockedError, require, submit
from xianshen_wagtail.blocking import forbid_replacing
from xianshen_wagtail.content import contents_of, is_blank
from xianshen_wagtail.guarded import has_drafts, is_guarded, is_setting
from xianshen_wagtail.models import Review, review_of

if TYPE_CHECKING:
    from collections.abc import Callable


class XianshenSidePanel(BaseSidePanel):
    """Where the item stands at 先审, and what was found in it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens it."""

        aria_label = "先审：审查进展"
        icon_name = "clipboard-list"
        has_counter = False

    name = "xianshen"
    title = "先审"
    template_name = "xianshen_wagtail/side_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return what the template shows."""
        context = super().get_context_data(parent_context)
        context.update(state_of(self.object))
        return dict(context)


def state_of(instance: Any) -> dict[str, Any]:
    """Return what an editor is told of an object: of its last saved text."""
    latest = instance
    if hasattr(instance, "get_latest_revision_as_object"):
        latest = instance.get_latest_revision_as_object()
    contents = contents_of(latest)
    review = review_of(latest, contents)
    last = Review.objects.of(latest).first()
    return {
        "xianshen_review": review or last,
        "xianshen_changed": review is None and last is not None,
        "xianshen_address": reverse(
            "xianshen_admin:item", args=[instance._meta.label_lower, instance.pk]
        ),
    }


def install() -> None:
    """Put the panel beside the editors' forms, and the guard into them."""
    if getattr(BaseModelForm, "xianshen", False):
        return
    BaseModelForm.xianshen = True
    BaseModelForm._post_clean = _guarded(BaseModelForm._post_clean)
    PageEditView.get_side_panels = _with_panel(PageEditView.get_side_panels)
    SnippetEditView.get_side_panels = _with_panel(SnippetEditView.get_side_panels)


def _with_panel(panels: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(panels)
    def more(self: Any) -> Any:
        found = panels(self)
        one = getattr(self, "page", None) or self.object
        asked_by_script = getattr(self, "expects_json_response", False)
        if one.pk and is_guarded(type(one)) and not asked_by_script:
            found.append(XianshenSidePanel(one, self.request))
        return found

    return more


def _guarded(post_clean: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(post_clean)
    def checked(self: Any) -> None:
        post_clean(self)
        instance = self.instance
        if self.errors or not isinstance(instance, models.Model):
            return
        try:
            _check(instance)
        except PublishBlockedError as error:
            self._update_errors(
                ValidationError({NON_FIELD_ERRORS: [_told(instance, error)]})
            )

    return checked


def _check(instance: Any) -> None:
    """Say no in the form already, where nothing the editor has typed is lost."""
    model = type(instance)
    if isinstance(instance, (get_image_model(), get_document_model())):
        forbid_replacing(instance)
    elif is_guarded(model) and not has_drafts(model):
        review = review_of(instance, contents_of(instance))
        if (review is None or not review.holds()) and not (
            is_setting(model) and is_blank(instance)
        ):
            require(instance)


def _told(instance: Any, error: PublishBlockedError) -> str:
    """Return the message; what knows no drafts is handed in as it was typed."""
    worth_asking = {"not_reviewed", "changed", "attachment"}
    if error.code not in worth_asking or instance.pk is None:
        return error.words
    try:
        review = submit(instance)
    except (GateError, OSError) as failed:
        return f"{error.words} 送审没有成功：{failed}"
    return (
        f"这些内容要先审后发，没有保存；已替您送审（审查件 {review.case}）。"
        "审查通过后，填同样的内容再保存一次即可。"
    )
