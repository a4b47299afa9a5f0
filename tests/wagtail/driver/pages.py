"""Every way by which a page may come to be public."""

import json
import tempfile
from pathlib import Path

from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from driver.things import Subject, admin, editor, home, news
from news.models import NewsPage
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Revision,
    Workflow,
    WorkflowTask,
)
from xianshen_wagtail.models import ReviewTask

LATER = timezone.timedelta(hours=1)


def form_of(page: Page, text: str = "", **more: str) -> dict[str, str]:
    """Return what the editor's form sends for the page's last text, or another."""
    latest = page.get_latest_revision_as_object()
    latest.intro = text or latest.intro
    body = {"blocks": [{"type": "unstyled", "key": "a", "depth": 0, "text": latest.intro,
                        "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}  # fmt: skip
    sent = {
        "title": latest.title,
        "slug": latest.slug,
        "intro": latest.intro,
        "body": json.dumps(body),
        "parts-count": "0",
        "picture": str(latest.picture_id or ""),
        "file": str(latest.file_id or ""),
        "happened_at": "",
        "winners-TOTAL_FORMS": "0",
        "winners-INITIAL_FORMS": "0",
        "winners-MIN_NUM_FORMS": "0",
        "winners-MAX_NUM_FORMS": "1000",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    }
    return {**sent, **more}


def by_editor(one: Subject) -> None:
    sent = form_of(one.thing, **{"action-publish": "1"})
    editor().post(f"/admin/pages/{one.thing.pk}/edit/", sent)


def by_new_page(one: Subject) -> str:
    """Return where a page would be that is made and published in one step."""
    sent = form_of(
        one.thing, **{"action-publish": "1", "slug": f"{one.thing.slug}-neu"}
    )
    editor().post(f"/admin/pages/add/news/newspage/{home().pk}/", sent)
    made = NewsPage.objects.get(slug=f"{one.thing.slug}-neu")
    assert one.text in made.get_latest_revision_as_object().intro
    return f"/{made.slug}/"


def by_reverting(one: Subject) -> None:
    page = one.fresh()
    older = page.latest_revision
    changed = page.get_latest_revision_as_object()
    changed.intro = "后来改的文字"
    changed.save_revision(user=admin())
    more = {"action-publish": "1", "revision": str(older.pk)}
    sent = form_of(page, text=older.as_object().intro, **more)
    editor().post(f"/admin/pages/{page.pk}/edit/", sent)
    if not one.fresh().live:
        older.publish(user=admin())


def _workflow(task) -> Workflow:
    made = Workflow.objects.create(name=f"流程 {task.name}", active=True)
    WorkflowTask.objects.create(workflow=made, task=task, sort_order=0)
    return made


def _through(one: Subject, task) -> None:
    flow = _workflow(task)
    page = one.fresh()
    state = flow.start(page, admin())
    try:
        now = state.current_task_state
        parts = [page.pk, "approve", now.pk]
        address = reverse("wagtailadmin_pages:workflow_action", args=parts)
        editor().post(address, {"comment": ""})
    finally:
        state.refresh_from_db()
        if state.status == state.STATUS_IN_PROGRESS:
            state.cancel(user=admin())
        flow.workflow_tasks.all().delete()


def by_group_approval(one: Subject) -> None:
    task, _ = GroupApprovalTask.objects.get_or_create(name="编辑部主任")
    _through(one, task)


def by_review_task(one: Subject) -> None:
    task, _ = ReviewTask.objects.get_or_create(name="先审")
    _through(one, task)


def by_editing_approver(one: Subject) -> None:
    task, _ = GroupApprovalTask.objects.get_or_create(name="编辑部主任")
    flow, page = _workflow(task), one.fresh()
    state = flow.start(page, admin())
    more = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    editor().post(f"/admin/pages/{page.pk}/edit/", form_of(page, **more))
    state.refresh_from_db()
    if state.status == state.STATUS_IN_PROGRESS:
        state.cancel(user=admin())
    flow.workflow_tasks.all().delete()


def by_schedule(one: Subject) -> None:
    Revision.objects.filter(pk=one.fresh().latest_revision_id).update(
        approved_go_live_at=timezone.now() - LATER
    )
    # One that is not cleared must not keep back those behind it.
    call_command("publish_scheduled")
    Revision.objects.update(approved_go_live_at=None)


def by_bulk(one: Subject) -> None:
    address = f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&id={one.thing.pk}"
    editor().post(address, {"include_descendants": ""})


def by_bulk_of_the_parent(one: Subject) -> None:
    address = f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&id={home().pk}"
    others = Page.objects.exclude(pk=one.thing.pk).filter(depth__gt=2)
    kept = list(others.values_list("pk", flat=True))
    # Alone below the home page, which itself is public: nobody else stops it.
    Page.objects.filter(pk__in=kept).update(live=True)
    editor().post(address, {"include_descendants": "on"})
    Page.objects.filter(pk__in=kept).update(live=False)


def by_revision(one: Subject) -> None:
    one.fresh().get_latest_revision_as_object().save_revision().publish()


def by_page_publish(one: Subject) -> None:
    page = one.fresh()
    page.publish(page.latest_revision, user=admin(), skip_permission_checks=True)


def by_action(one: Subject) -> None:
    PublishPageRevisionAction(one.fresh().latest_revision).execute()


def by_general_action(one: Subject) -> None:
    PublishRevisionAction(one.fresh().latest_revision).execute(
        skip_permission_checks=True
    )


def by_saving(one: Subject) -> None:
    page = one.fresh().get_latest_revision_as_object()
    page.live = True
    page.save()


def by_saving_some_fields(one: Subject) -> None:
    page = one.fresh().get_latest_revision_as_object()
    page.live = True
    page.save(update_fields=["live", "intro"])


def by_saving_the_general_page(one: Subject) -> None:
    _write_latest(one)
    page = Page.objects.get(pk=one.thing.pk)
    page.live = True
    page.save()


def _write_latest(one: Subject) -> None:
    """Bring the last text into the row itself, still as a draft."""
    latest = one.fresh().get_latest_revision_as_object()
    NewsPage.objects.filter(pk=one.thing.pk).update(
        title=latest.title, intro=latest.intro, body=latest.body
    )


def by_update(one: Subject) -> None:
    _write_latest(one)
    Page.objects.filter(pk=one.thing.pk).update(live=True)


def by_sql(one: Subject) -> None:
    _write_latest(one)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_page SET live = 1 WHERE id = %s", [one.thing.pk]
        )


def by_bulk_update(one: Subject) -> None:
    _write_latest(one)
    page = Page.objects.get(pk=one.thing.pk)
    page.live = True
    Page.objects.bulk_update([page], ["live"])


def by_fixture(one: Subject) -> None:
    _write_latest(one)
    page = one.fresh()
    page.live = True
    said = serializers.serialize("json", [page, page.page_ptr])
    said = said.replace('"live": false', '"live": true')
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.json"
        file.write_text(said, "utf-8")
        call_command("loaddata", str(file), verbosity=0)


def by_moving(one: Subject) -> str:
    by_update(one)
    page = Page.objects.get(pk=one.thing.pk)
    shelf = news()
    Page.objects.filter(pk=shelf.pk).update(live=True)
    page.move(Page.objects.get(pk=shelf.pk), pos="last-child")
    return f"/{shelf.slug}/{page.slug}/"


def back_from_moving(one: Subject) -> None:
    Page.objects.get(pk=one.thing.pk).move(home(), pos="last-child")


def by_alias(one: Subject) -> str:
    by_update(one)
    alias = one.fresh().create_alias(update_slug=f"{one.thing.slug}-alias")
    return f"/{alias.slug}/"


def by_copying(one: Subject) -> str:
    by_update(one)
    made = one.fresh().copy(
        update_attrs={"slug": f"{one.thing.slug}-copy"}, keep_live=True
    )
    assert one.text in made.get_latest_revision_as_object().intro
    return f"/{made.slug}/"


def by_copying_in_the_editor(one: Subject) -> str:
    by_update(one)
    sent = {
        "new_title": one.thing.title,
        "new_slug": f"{one.thing.slug}-copy2",
        "new_parent_page": str(home().pk),
        "copy_subpages": "",
        "publish_copies": "on",
        "alias": "",
    }
    editor().post(f"/admin/pages/{one.thing.pk}/copy/", sent)
    made = NewsPage.objects.get(slug=f"{one.thing.slug}-copy2")
    return f"/{made.slug}/"


def by_translation(one: Subject) -> str:
    by_update(one)
    english, _ = Locale.objects.get_or_create(language_code="en")
    made = one.fresh().copy_for_translation(english, copy_parents=True)
    Page.objects.filter(pk=made.pk).update(live=True)
    return f"/api/pages/{made.pk}/"


def by_making(one: Subject) -> str:
    made = NewsPage(
        title="新建", slug=f"{one.thing.slug}-made", intro=one.text, live=True
    )
    home().add_child(instance=made)
    assert one.text in NewsPage.objects.get(pk=made.pk).intro
    return f"/{made.slug}/"


def by_api(one: Subject) -> str:
    by_update(one)
    return f"/api/pages/{one.thing.pk}/"


def by_api_list(one: Subject) -> str:
    by_update(one)
    return "/api/pages/?type=news.NewsPage&fields=intro&limit=20&order=-id"


# (what it is called, how, whether it passes once the contents are cleared).
# What makes another item of it does not: each item is reviewed by itself.
WAYS = (
    ("编辑页“发布”", by_editor, True),
    ("新建页面直接“发布”", by_new_page, False),
    ("编辑页恢复旧版并发布", by_reverting, True),
    ("工作流：普通审批", by_group_approval, True),
    ("工作流：边改边批", by_editing_approver, True),
    ("工作流：先审步骤", by_review_task, True),
    ("定时发布 publish_scheduled", by_schedule, True),
    ("批量发布", by_bulk, True),
    ("批量发布连同下级页面", by_bulk_of_the_parent, True),
    ("save_revision().publish()", by_revision, True),
    ("page.publish(revision)", by_page_publish, True),
    ("PublishPageRevisionAction", by_action, True),
    ("PublishRevisionAction", by_general_action, True),
    ("live=True; save()", by_saving, True),
    ("save(update_fields=…)", by_saving_some_fields, True),
    ("Page 基类 live=True; save()", by_saving_the_general_page, True),
    ("filter().update(live=True)", by_update, True),
    ("bulk_update", by_bulk_update, True),
    ("直接写数据库（SQL）", by_sql, True),
    ("loaddata 导入", by_fixture, True),
    ("移动已公开的页面", by_moving, True),
    ("别名页面", by_alias, True),
    ("复制并公开", by_copying, False),
    ("编辑页复制并公开", by_copying_in_the_editor, False),
    ("复制为译文", by_translation, False),
    ("程序新建 live=True", by_making, False),
    ("接口 API v2：单页", by_api, True),
    ("接口 API v2：列表", by_api_list, True),
)
STOPPED_AT_ONCE = (
    by_editor,
    by_reverting,
    by_group_approval,
    by_editing_approver,
    by_review_task,
    by_schedule,
    by_bulk,
    by_bulk_of_the_parent,
    by_revision,
    by_page_publish,
    by_action,
    by_general_action,
    by_saving,
    by_saving_some_fields,
    by_saving_the_general_page,
)
