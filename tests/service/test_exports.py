"""Data as files: who gets them, what they are called, and what waits for a worker."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from review.errors import (
    NotFoundError,
    NotPermittedError,
    UsageError,
    WrongStageError,
)
from review.ports.records import RegisterQuery
from review.service.papers import export_orders, exports, sheets
from review.service.papers.export_orders import Order
from review.service.upkeep import background
from tests.service.site import PHONE, TEACHING, Site

_NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def _order(kind: export_orders.Kind = "register") -> Order:
    return Order(kind=kind, since=_NOVEMBER[0], until=_NOVEMBER[1])


def _texts(data: bytes) -> str:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("form_format", ["docx", "pdf"])
def test_a_form_is_made_for_who_may_see_the_draft(
    site: Site, form_format: exports.FormFormat
) -> None:
    number = site.cleared().number
    made = exports.form(
        site.desk, number, kind="review", form_format=form_format, person="zhang"
    )
    assert made.name == f"信息公开保密审查表-{number}.{form_format}"
    assert made.media_type == exports.FORMATS[form_format]
    assert made.data[:2] == (b"PK" if form_format == "docx" else b"%P")
    with pytest.raises(NotPermittedError):
        exports.form(
            site.desk, number, kind="review", form_format=form_format, person="he"
        )


def test_a_form_that_has_no_reason_is_not_found(site: Site) -> None:
    number = site.cleared().number
    for kind in ("incident", "referral"):
        with pytest.raises(NotFoundError):
            exports.form(
                site.desk,
                number,
                kind=kind,  # type: ignore[arg-type]  # - one of the two
                form_format="docx",
                person="li",
            )


def test_the_register_holds_what_the_query_finds(site: Site) -> None:
    site.cleared()
    site.submit(PHONE, title="联系方式公告")
    site.submit("教务处更新网址。", person="he", department=TEACHING, title="教务公告")
    made = exports.register(site.desk, RegisterQuery(words="公告"), person="li")
    assert made.name == "审查台账-2026-11-23至2026-11-23.xlsx"
    texts = _texts(made.data)
    assert "联系方式公告" in texts
    assert "教务公告" in texts
    assert "运动会" not in texts
    own = exports.register(site.desk, RegisterQuery(), person="he")
    assert "联系方式公告" not in _texts(own.data)
    staged = exports.register(
        site.desk, RegisterQuery(stages=("cleared",), before=1, limit=1), person="li"
    )
    assert "运动会" in _texts(staged.data)


def test_too_many_are_not_put_into_one_spreadsheet(site: Site) -> None:
    site.submit(PHONE)
    site.submit("教务处更新网址。", person="he", department=TEACHING)
    with pytest.raises(UsageError, match="超过 1 件"):
        exports.register(site.desk, RegisterQuery(), person="li", most=1)
    assert exports.register(site.desk, RegisterQuery(), person="he", most=1).data


def test_an_empty_register_is_one_of_today(site: Site) -> None:
    found = sheets.register_found(site.desk, RegisterQuery(), person="li")
    assert found.rows == ()
    assert found.since == found.until == date(2026, 11, 23)


def test_an_order_is_made_by_a_worker_and_fetched_by_who_ordered(site: Site) -> None:
    number = site.cleared().number
    task = export_orders.order(site.desk, _order(), person="zhang")
    assert export_orders.order(site.desk, _order(), person="zhang").id == task.id
    with pytest.raises(WrongStageError, match="还在进行"):
        export_orders.fetch(site.desk, task.id, person="zhang")
    taken = background.take(site.desk, task.id, holder="test:1")
    assert taken is not None
    data = export_orders.make(site.desk, taken.subject)
    background.finish(site.desk, taken, result=data)
    made = export_orders.fetch(site.desk, task.id, person="zhang")
    assert made.name == "审查台账-2026-11-01.xlsx"
    assert number[-6:] in _texts(made.data)
    for other in ("zhao", "li", "system"):
        with pytest.raises(NotFoundError):
            export_orders.fetch(site.desk, task.id, person=other)
    with pytest.raises(NotFoundError):
        export_orders.status(site.desk, 999_999, person="zhang")


@pytest.mark.parametrize("kind", ["register", "monthly", "yearly"])
def test_every_kind_of_order_can_be_made(site: Site, kind: export_orders.Kind) -> None:
    site.cleared()
    task = export_orders.order(site.desk, _order(kind), person="li")
    assert export_orders.make(site.desk, task.subject)[:2] == b"PK"


def test_an_order_that_failed_says_so(site: Site) -> None:
    task = export_orders.order(site.desk, _order(), person="li")
    with site.desk.store.writing() as work:
        work.tasks.give_up(task.id, at=site.desk.now(), code="error")
    with pytest.raises(WrongStageError, match="没有做成"):
        export_orders.fetch(site.desk, task.id, person="li")


def test_who_sees_no_register_orders_none(site: Site) -> None:
    with pytest.raises(NotPermittedError):
        export_orders.order(site.desk, _order(), person="system")
    wrong = Order(kind="register", since=_NOVEMBER[1], until=_NOVEMBER[0])
    with pytest.raises(UsageError, match="早于"):
        export_orders.order(site.desk, wrong, person="li")


def test_an_order_shows_what_its_owner_may_see_when_it_is_made(site: Site) -> None:
    site.submit(PHONE, title="联系方式公告")
    task = export_orders.order(site.desk, _order(), person="he")
    assert "联系方式公告" not in _texts(export_orders.make(site.desk, task.subject))


def test_the_verifier_goes_out_as_it_is() -> None:
    made = exports.verifier()
    assert made.name.endswith(".py")
    compile(made.data, made.name, "exec")
