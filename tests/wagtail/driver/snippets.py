"""Every way by which a snippet with drafts may come to be shown."""

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from driver.pages import LATER
from driver.things import Subject, admin, editor
from news.models import Notice
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Revision


def _latest(one: Subject) -> Notice:
    return one.fresh().get_latest_revision_as_object()


def by_editor(one: Subject) -> None:
    sent = {"text": _latest(one).text, "action-publish": "1"}
    editor().post(f"/admin/snippets/news/notice/edit/{one.thing.pk}/", sent)


def by_revision(one: Subject) -> None:
    _latest(one).save_revision(user=admin()).publish()


def by_action(one: Subject) -> None:
    PublishRevisionAction(one.fresh().latest_revision).execute()


def by_saving(one: Subject) -> None:
    notice = _latest(one)
    notice.live = True
    notice.save()


def by_schedule(one: Subject) -> None:
    Revision.objects.filter(pk=one.fresh().latest_revision_id).update(
        approved_go_live_at=timezone.now() - LATER
    )
    call_command("publish_scheduled")
    Revision.objects.update(approved_go_live_at=None)


def by_update(one: Subject) -> None:
    Notice.objects.filter(pk=one.thing.pk).update(live=True, text=_latest(one).text)


def by_sql(one: Subject) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE news_notice SET live = 1, text = %s WHERE id = %s",
            [_latest(one).text, one.thing.pk],
        )


WAYS = (
    ("片段：编辑页“发布”", by_editor, True),
    ("片段：save_revision().publish()", by_revision, True),
    ("片段：PublishRevisionAction", by_action, True),
    ("片段：live=True; save()", by_saving, True),
    ("片段：定时发布", by_schedule, True),
    ("片段：filter().update(live=True)", by_update, True),
    ("片段：直接写数据库（SQL）", by_sql, True),
)
STOPPED_AT_ONCE = (by_editor, by_revision, by_action, by_saving, by_schedule)
