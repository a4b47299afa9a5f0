"""What is not a way of publishing: notifications, commands, the step that waits."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr

from django.conf import settings
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import override_settings
from driver.altered import published
from driver.college import clear, revoke, use
from driver.others import _overwrite
from driver.pages import form_of
from driver.things import (
    admin,
    document,
    editor,
    image,
    in_state,
    make_notice,
    make_page,
    news,
    seen,
    visitor,
)
from news.models import Footer, NewsPage
from wagtail.models import Page, Workflow, WorkflowTask
from xianshen_wagtail.asking import submit
from xianshen_wagtail.files import digest_of
from xianshen_wagtail.models import Notice, Publication, Review, ReviewTask, Scaled

_HOOK = "/xianshen/hook/"


def _send(said: dict, *, at: float | None = None, secret: str | None = None) -> int:
    body = json.dumps(said).encode()
    moment = str(int(at or time.time()))
    key = (secret or settings.XIANSHEN["WEBHOOK_SECRET"]).encode()
    made = hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = f"t={moment},v1={made}"
    return (
        visitor()
        .post(
            _HOOK,
            body,
            content_type="application/json",
            headers={"X-Xianshen-Signature": signed},
        )
        .status_code
    )


def _revocation(page: NewsPage, name: str) -> dict:
    review = Review.objects.of(page).first()
    return {"id": name, "event": "clearance.revoked", "external_id": review.external_id,
            "case": review.case, "sequence": 9, "at": "", "code": "error"}  # fmt: skip


def revoked_comes_down() -> None:
    page = published()
    revoke(Review.objects.of(page).first().case)
    said = _revocation(page, "r-1")
    assert seen(page.intro, f"/{page.slug}/"), "before the notification it is still up"
    assert _send(said) == 200
    now = NewsPage.objects.get(pk=page.pk)
    assert not now.live
    assert now.intro == page.intro, "the text must stay"
    assert visitor().get(f"/{page.slug}/").status_code == 404
    review = Review.objects.of(page).first()
    assert (review.standing, review.stage) == ("revoked", "revoked")
    assert "撤销" in review.said
    assert visitor().get(page.file.url).status_code == 404, "its files, too"


def forged_or_repeated_is_not_taken() -> None:
    page = published()
    said = _revocation(page, "r-2")
    assert _send(said, secret="xswh_wrong") == 400
    assert _send(said, at=time.time() - 400) == 400
    assert _send({"id": "r-3"}) == 400
    assert (
        visitor().post(_HOOK, b"{}", content_type="application/json").status_code == 400
    )
    assert NewsPage.objects.get(pk=page.pk).live
    Notice.objects.create(name="r-2", event="clearance.revoked")
    assert _send(said) == 200
    assert NewsPage.objects.get(pk=page.pk).live, "one that was taken changes nothing"


def revocation_is_not_believed_against_the_gate() -> None:
    """The clearance was renewed meanwhile: what the gate allows stays up."""
    page = published()
    assert _send(_revocation(page, "r-4")) == 200
    assert NewsPage.objects.get(pk=page.pk).live
    assert Review.objects.of(page).first().holds()


def a_lost_notification_is_made_up_for() -> None:
    page = published()
    revoke(Review.objects.of(page).first().case)
    call_command("xianshen_sweep", ask=True, stdout=io.StringIO())
    assert not NewsPage.objects.get(pk=page.pk).live


def reviewed_anew_comes_down_untold() -> None:
    """Taken back, handed in once more, and no notification of either came."""
    page = published()
    revoke(Review.objects.of(page).first().case)
    submit(page.get_latest_revision_as_object(), user=admin())
    call_command("xianshen_sweep", ask=True, stdout=io.StringIO())
    assert not NewsPage.objects.get(pk=page.pk).live


def sweep_compares_contents() -> None:
    page = published()
    NewsPage.objects.filter(pk=page.pk).update(intro="数据库里改的")
    call_command("xianshen_sweep", stdout=io.StringIO())
    assert not NewsPage.objects.get(pk=page.pk).live


def publications_are_told_again() -> None:
    good = settings.XIANSHEN["URL"]
    one = in_state("cleared", make_page)
    one.fresh().latest_revision.publish(user=admin())
    told = Publication.objects.latest("pk")
    assert told.reported_at is not None, told.error
    Publication.objects.filter(pk=told.pk).update(reported_at=None)
    use("http://127.0.0.1:9", timeout=0.5)
    try:
        call_command("xianshen_report", stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError:
        pass
    else:
        raise AssertionError("it must say that it was not taken")
    finally:
        use(good)
    assert Publication.objects.get(pk=told.pk).reported_at is None
    call_command("xianshen_report", stdout=io.StringIO())
    assert Publication.objects.get(pk=told.pk).reported_at is not None
    assert Review.objects.of(one.thing).first().case


def connection_is_tested() -> None:
    good, said = settings.XIANSHEN["URL"], io.StringIO()
    call_command("xianshen_check", stdout=said)
    assert "连通" in said.getvalue()
    use("http://127.0.0.1:9", timeout=0.5)
    try:
        call_command("xianshen_check", stdout=said)
    except CommandError as error:
        assert "没有连通" in str(error)
    else:
        raise AssertionError("nobody listens there")
    finally:
        use(good)


def old_pages_are_adopted() -> None:
    page, later = news(), news()
    Review.objects.filter(external_id__contains="footer").delete()
    Footer.objects.update(text="云山职业学院版权所有")
    assert visitor().get("/").status_code == 503
    # After that visit: whatever is not adopted is taken down by the first one.
    Page.objects.filter(pk=page.pk).update(
        live=True, last_published_at="2020-01-01T00:00:00Z"
    )
    call_command("xianshen_adopt", ground="云职院〔2026〕3号", stdout=io.StringIO())
    cache.clear()
    assert seen(page.intro, f"/{page.slug}/")
    Page.objects.filter(pk=later.pk).update(live=True)
    assert not seen(later.intro, f"/{later.slug}/"), "it came after the package"
    NewsPage.objects.filter(pk=page.pk).update(intro="改了一个字")
    assert not seen("改了一个字", f"/{page.slug}/")
    assert seen("版权所有", "/")
    Footer.objects.update(text="")


def seals_are_not_forged() -> None:
    one = in_state("pending", make_page)
    Review.objects.of(one.thing).update(standing="allowed", seal="0" * 64)
    Page.objects.filter(pk=one.thing.pk).update(live=True)
    assert not seen(one.text, f"/{one.thing.slug}/")
    Review.objects.of(one.thing).update(standing="adopted")
    Page.objects.filter(pk=one.thing.pk).update(live=True)
    assert not seen(one.text, f"/{one.thing.slug}/")


def the_step_waits_and_goes_on() -> None:
    task, _ = ReviewTask.objects.get_or_create(name="先审")
    flow = Workflow.objects.create(name="先审流程", active=True)
    WorkflowTask.objects.create(workflow=flow, task=task, sort_order=0)
    page = news()
    flow.start(page, admin())
    review = Review.objects.of(page).first()
    assert review is not None, "the step hands in by itself"
    assert review.case
    assert "approve" not in [one[0] for one in task.get_actions(page, admin())]
    clear(review.case)
    said = {"id": "c-1", "event": "case.cleared", "external_id": review.external_id,
            "case": review.case, "sequence": 5, "at": "", "code": None}  # fmt: skip
    assert _send(said) == 200
    assert NewsPage.objects.get(pk=page.pk).live
    assert seen(page.intro, f"/{page.slug}/")


def the_editor_sees_where_it_stands() -> None:
    one = in_state("never", make_page)
    client = editor()
    answer = client.get(f"/admin/pages/{one.thing.pk}/edit/").content.decode()
    assert "还没有送审" in answer
    assert "保存并送审（先审）" in answer
    address = f"/admin/xianshen/news.newspage/{one.thing.pk}/"
    assert client.post(f"{address}submit/").status_code == 302
    review = Review.objects.of(one.thing).first()
    assert review.case in client.get(address).content.decode()
    answer = client.get(f"/admin/pages/{one.thing.pk}/edit/").content.decode()
    assert review.case in answer
    assert review.case in client.get("/admin/xianshen/").content.decode()
    other = in_state("never", make_page)
    sent = form_of(other.thing, **{"action-xianshen": "1"})
    client.post(f"/admin/pages/{other.thing.pk}/edit/", sent)
    assert Review.objects.of(other.thing).first().case, "the button hands in"
    assert not other.fresh().live
    notice = in_state("never", make_notice)
    where = f"/admin/snippets/news/notice/edit/{notice.thing.pk}/"
    assert "保存并送审（先审）" in client.get(where).content.decode()
    client.post(where, {"text": notice.text, "action-xianshen": "1"})
    assert Review.objects.of(notice.thing).first().case
    assert visitor().get(address).status_code == 302, "not for visitors"


def missing_settings_are_found() -> None:
    def found() -> set[str]:
        return {one.id for one in run_checks(tags=["xianshen"])}

    assert found() == set()
    chain = [one for one in settings.MIDDLEWARE if "xianshen" not in one]
    holes = {
        "xianshen.E001": {"XIANSHEN": {**settings.XIANSHEN, "KEYS": "x"}},
        "xianshen.E002": {"XIANSHEN": {**settings.XIANSHEN, "KEY": "wrong"}},
        "xianshen.E003": {"XIANSHEN": {**settings.XIANSHEN, "DEPARTMENT": ""}},
        "xianshen.E004": {"XIANSHEN": {**settings.XIANSHEN, "WEBHOOK_SECRET": ""}},
        "xianshen.W001": {"XIANSHEN": {**settings.XIANSHEN, "EXEMPT": ["news.Footer"]}},
        "xianshen.E005": {"MIDDLEWARE": chain},
        "xianshen.E006": {"MIDDLEWARE": [settings.MIDDLEWARE[-1], *chain]},
        "xianshen.E008": {"WAGTAILDOCS_SERVE_METHOD": "direct"},
        "xianshen.W003": {"MEDIA_URL": "https://cdn.example.edu.cn/"},
        "xianshen.W004": {"XIANSHEN": {**settings.XIANSHEN, "MODELS": []}},
    }
    for name, change in holes.items():
        with override_settings(**change):
            assert name in found(), name


def nginx_is_answered() -> None:
    page = published()
    client = visitor()
    path = page.file.file.url

    def ask(path: str) -> int:
        headers = {"X-Original-URI": path}
        return client.get("/xianshen/media/", headers=headers).status_code

    assert ask(path) == 204
    assert ask("/media/documents/nothing.txt") == 403
    assert ask("/media/../etc/passwd") == 403
    assert ask("") == 403
    NewsPage.objects.filter(pk=page.pk).update(live=False)


def files_are_not_listed_by_the_interface() -> None:
    page, other = published(), image(200)
    new = document("还没有送审的名单")

    def ask(path: str) -> tuple[int, str]:
        answer = visitor().get(f"/api/{path}")
        return answer.status_code, answer.content.decode()

    for kind, old, fresh in (
        ("documents", page.file, new),
        ("images", page.picture, other),
    ):
        assert ask(f"{kind}/{old.pk}/")[0] == 200, kind
        assert ask(f"{kind}/{fresh.pk}/")[0] == 404, kind
        listed = ask(f"{kind}/?order=-id&limit=5")[1]
        assert f'"id": {old.pk},' in listed, listed
        assert f'"id": {fresh.pk},' not in listed, listed


def scaled_pictures_are_what_was_made() -> None:
    page = published()
    assert visitor().get(f"/{page.slug}/").status_code == 200
    scaled = page.picture.renditions.get()
    assert visitor().get(scaled.url).status_code == 200
    _overwrite(scaled.file, b"\x89PNG another")
    assert visitor().get(scaled.url).status_code == 404
    old = page.picture.get_rendition("width-20")
    Scaled.objects.filter(path=old.file.name).delete()
    assert visitor().get(old.url).status_code == 200, "made before the package came"
    assert Scaled.objects.get(path=old.file.name).holds()
    # Another picture's, written under this one past Wagtail, and a row that says it is right.
    other = image(77).get_rendition("width-30")
    type(other).objects.filter(pk=other.pk).update(image=page.picture)
    Scaled.objects.filter(path=other.file.name).update(
        original=digest_of(page.picture.file)
    )
    assert visitor().get(other.url).status_code == 404
    Scaled.objects.filter(path=other.file.name).delete()
    assert visitor().get(other.url).status_code == 404


WAYS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("通知：撤销后立即撤下", revoked_comes_down),
    ("通知：伪造、过时、重放不算", forged_or_repeated_is_not_taken),
    ("通知：闸口仍然许可的不撤", revocation_is_not_believed_against_the_gate),
    ("通知丢了：xianshen_sweep --ask", a_lost_notification_is_made_up_for),
    ("撤销后又送审，通知没有到", reviewed_anew_comes_down_untold),
    ("xianshen_sweep 逐件核对", sweep_compares_contents),
    ("发布登记：没有送到的补报", publications_are_told_again),
    ("连接测试", connection_is_tested),
    ("启用前已公开的登记", old_pages_are_adopted),
    ("伪造本地记录不算", seals_are_not_forged),
    ("先审步骤：送审、等候、通过后继续", the_step_waits_and_goes_on),
    ("编辑页看得到进展", the_editor_sees_where_it_stands),
    ("manage.py check 查得出缺的设置", missing_settings_are_found),
    ("磁盘上换缩略图", scaled_pictures_are_what_was_made),
    ("nginx auth_request", nginx_is_answered),
    ("接口 API v2：没有审的文档、图片", files_are_not_listed_by_the_interface),
)


def more() -> Iterator[tuple[str, bool, str]]:
    """Yield (name, whether it holds, what went wrong)."""
    for name, way in WAYS:
        cache.clear()
        try:
            with redirect_stderr(io.StringIO()):
                way()
        except Exception:
            yield name, False, traceback.format_exc(limit=-4)
        else:
            yield name, True, ""
