"""Nothing becomes public by Wagtail's own means without the gate's yes.

Three places see every way: the action that publishes a revision (editor, workflow,
bulk, schedule, programs), the saving of a guarded object (`live = True`, copies,
aliases, settings), and the saving of a file that something public shows. What goes
around them (SQL, `update()`, the disk) is met where pages are served.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save, pre_save
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision
from wagtail.signals import published

from xianshen_wagtail import serving, standing
from xianshen_wagtail.asking import (
    PublishBlockedError,
    note_publication,
    require,
)
from xianshen_wagtail.content import contents_of, is_blank
from xianshen_wagtail.files import digest_of, words_of
from xianshen_wagtail.guarded import (
    has_drafts,
    is_guarded,
    is_live,
    is_setting,
    specific,
)
from xianshen_wagtail.models import ReviewFile, review_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LOG = logging.getLogger("xianshen_wagtail")
_SCHEDULED = "wagtail.publish.scheduled"
# Of saving these alone nothing changes for a reader.
_BOOKKEEPING = frozenset(
    {"path", "depth", "numchild", "url_path", "draft_title", "latest_revision"}
    | {"latest_revision_created_at", "last_published_at", "first_published_at"}
    | {"live_revision", "has_unpublished_changes", "expired", "expire_at"}
    | {"go_live_at", "locked", "locked_at", "locked_by", "owner", "show_in_menus"}
)


def install() -> None:
    """Put the guards in their places; doing so again changes nothing."""
    if getattr(PublishRevisionAction, "xianshen", False):
        return
    PublishRevisionAction.xianshen = True
    PublishRevisionAction.execute = _asking_first(PublishRevisionAction.execute)
    Revision.publish = _schedule_goes_on(Revision.publish)
    pre_save.connect(_before_saving, dispatch_uid="xianshen_wagtail")
    post_save.connect(
        serving.keep_scaled,
        sender=get_image_model().get_rendition_model(),
        dispatch_uid="xianshen_wagtail",
    )
    published.connect(_after_publishing, dispatch_uid="xianshen_wagtail")


def _asking_first(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def asked(
        self: PublishRevisionAction,
        skip_permission_checks: bool = False,  # noqa: FBT001, FBT002 - as Wagtail has it
    ) -> Any:
        if is_guarded(type(self.object)):
            self.check(skip_permission_checks=skip_permission_checks)
            review = require(self.object)
            # For the saving that comes next: it need not ask of the same again.
            self.object._xianshen_allowed = review.fingerprint
        return execute(self, skip_permission_checks=skip_permission_checks)

    return asked


def _schedule_goes_on(publish: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(publish)
    def published_or_kept(self: Revision, *args: Any, **kwargs: Any) -> Any:
        try:
            return publish(self, *args, **kwargs)
        except PublishBlockedError as error:
            if kwargs.get("log_action") != _SCHEDULED:
                raise
            # Others are waiting behind it; this one stays due and is tried again.
            _LOG.warning("scheduled revision %s kept back: %s", self.pk, error.code)
            return None

    return published_or_kept


def _before_saving(
    sender: Any,
    instance: Any,
    raw: bool = False,  # noqa: FBT001, FBT002 - a signal's arguments
    update_fields: Iterable[str] | None = None,
    **_: Any,
) -> None:
    if raw:
        return  # fixtures: what they make public is met where pages are served
    if isinstance(instance, (get_image_model(), get_document_model())):
        said = {"file", "title", *words_of(sender)}
        if update_fields is None or said & set(update_fields):
            forbid_replacing(instance)
    elif is_guarded(sender):
        _guard(instance, update_fields)


def _guard(instance: Any, update_fields: Iterable[str] | None) -> None:
    if not _shows_something(instance, update_fields):
        return
    whole = specific(instance)
    allowed = getattr(instance, "_xianshen_allowed", None)
    contents = contents_of(whole)
    review = review_of(whole, contents)
    # As it stands there already.
    known = review is not None and review.holds() and _is_public(instance)
    blank = is_setting(type(instance)) and is_blank(instance)
    if allowed == contents.fingerprint or known or blank:
        return
    if instance._state.adding or instance.pk is None:
        _keep_as_draft(instance)
        return
    require(whole)


def _shows_something(instance: Any, update_fields: Iterable[str] | None) -> bool:
    """Tell whether saving this can change what a visitor sees."""
    if update_fields is not None and set(update_fields) <= _BOOKKEEPING:
        return False
    is_root = isinstance(instance, Page) and instance.depth == 1
    return is_live(instance) and not is_root


def _is_public(instance: Any) -> bool:
    if not has_drafts(type(instance)):
        return True
    return bool(type(instance)._base_manager.filter(pk=instance.pk, live=True).exists())


def _keep_as_draft(instance: Any) -> None:
    """Let what is new in the database begin as a draft; nothing of it is lost.

    Raises:
        PublishBlockedError: It is of a kind that knows no drafts.
    """
    if getattr(instance, "alias_of_id", None) and standing.stands(instance):
        return
    if not has_drafts(type(instance)):
        raise PublishBlockedError(
            instance, "新的内容还没有送审，不能保存为公开；请先送审。"
        )
    instance.live = False
    instance.has_unpublished_changes = True
    _LOG.info("a new %s begins as a draft: not reviewed", type(instance).__name__)


def _after_publishing(instance: Any, **_: Any) -> None:
    if not is_guarded(type(instance)) or not instance.live:
        return
    whole = specific(instance)
    review = review_of(whole, contents_of(whole))
    if review is not None:
        note_publication(whole, review)


def forbid_replacing(instance: Any) -> None:
    """Let no file change under something public that shows it.

    Raises:
        PublishBlockedError: It would: a new file has to be uploaded beside it.
    """
    if instance.pk is None:
        return
    before = type(instance)._base_manager.filter(pk=instance.pk).first()
    if before is None or not _differs(before, instance):
        return
    if shown_by(before):
        raise PublishBlockedError(
            instance,
            "这个文件正在公开的内容里使用，不能替换或改名；"
            "请作为新文件上传，换到页面里，再把页面送审。",
            code="in_use",
        )


def _differs(before: Any, after: Any) -> bool:
    if (
        not getattr(after.file, "_committed", True)
        or before.file.name != after.file.name
    ):
        return True
    return any(
        getattr(before, one) != getattr(after, one)
        for one in ("title", *words_of(type(before)))
    )


def shown_by(one: Any) -> bool:
    """Tell whether something public shows this file."""
    found = ReviewFile.objects.filter(sha256=digest_of(one.file)).select_related(
        "review"
    )
    for file in found:
        if not file.review.holds():
            continue
        shown = file.review.object
        if shown is not None and is_live(shown):
            return True
    return False
