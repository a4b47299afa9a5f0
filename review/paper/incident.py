"""Lays out the incident report: exactly what 001:75 asks for.

The machine fills in what it saw. What only people can know is left open and
marked, so that nobody files a guess.
"""

from collections.abc import Iterator
from typing import Final

from review.paper.interface import IncidentReport, Responsible, SecretMatter
from review.paper.layout import (
    Cell,
    Heading,
    Line,
    Row,
    Sheet,
    Table,
    field,
    head,
    label,
    pair,
    value,
)
from review.paper.text import BLANK, boxes, day, moment

TO_FILL: Final = "（由保密办填写）"
_GRADES: Final = ("一般", "重大")
_ROOM: Final = 4
_PEOPLE: Final = (
    ("姓名", 4),
    ("职务", 4),
    ("政治面貌", 4),
    ("所在部门", 6),
    ("岗位", 6),
)
_MATTERS: Final = (("名称", 7), ("内容（只写性质）", 9), ("密级", 4), ("数量", 4))
_NOTES: Final = (
    "填表说明：",
    "1. 一事一报，立即报告，不得迟报、漏报、误报和隐瞒不报（保密工作管理规定第七十三条）。",
    "2. 一般泄密事件在初步核实后二十四小时内报告，重大泄密事件立即报告（同上第七十四条）。",
    "3. 本表不抄录涉密内容。填写后按所涉事项的密级管理，不得在非涉密计算机和网络上填写、存储、传输。",
    "4. 标有“由保密办填写”的各栏由保密办核实后手写；初次报告填一至七，查处结束后补报第八部分。",
)


def incident_sheet(report: IncidentReport) -> Sheet:
    """Lay the report out: first report (001:75(1)), then the later one (75(2))."""
    blocks = (
        Heading("报告事项"),
        Table(tuple(_header(report))),
        Heading("初次报告（保密工作管理规定第七十五条第一项）"),
        Heading("一、发生、发现的时间、地点、简要经过"),
        Table(tuple(_course(report))),
        Heading("二、泄密责任人"),
        _people(report.responsible),
        Heading("三、泄密事项"),
        _matters(report.matters),
        Heading("四、危害评估"),
        _open("对造成的危害作出的评估", report.harm),
        Heading("五、补救措施"),
        _open("应当采取的补救措施", report.remedies),
        Heading("六、调查方案"),
        _open("对该事件进行调查的整体方案", report.plan),
        Heading("七、报告签发"),
        _signing(report),
        Heading("八、查处后报告（保密工作管理规定第七十五条第二项）"),
        Table(tuple(_later(report))),
    )
    return Sheet(
        title=f"{report.kind}报告表",
        corner="密级：　　　　（由保密办确定）",
        above=(f"报告单位：{report.office}", f"编号：{report.number}"),
        blocks=blocks,
        notes=_NOTES,
        foot=f"{report.kind}报告　{report.number}",
        printed_at=report.printed_at,
    )


def _header(report: IncidentReport) -> Iterator[Row]:
    yield pair("主送", report.addressee, "事件等级", boxes(_GRADES, report.grade))
    yield pair(
        "报告时限", moment(report.deadline), "报告时间", moment(report.reported_at)
    )
    if report.facts:
        yield Row(
            (
                label("系统记录", 4),
                Cell(tuple(Line(one) for one in report.facts), 20),
            )
        )


def _course(report: IncidentReport) -> Iterator[Row]:
    yield pair(
        "发现时间",
        moment(report.discovered_at),
        "发现地点",
        report.discovered_place or TO_FILL,
    )
    happened = moment(report.happened_at) if report.happened_at else TO_FILL
    yield pair("发生时间", happened, "发生地点", report.happened_place or TO_FILL)
    yield _written("简要经过", report.course)


def _people(people: tuple[Responsible, ...]) -> Table:
    rows = (
        _cells(
            (one.name, one.post, one.political_status, one.department, one.position),
            _PEOPLE,
        )
        for one in people or (Responsible(),)
    )
    return Table((head(_PEOPLE), *rows), 1, small=True)


def _matters(matters: tuple[SecretMatter, ...]) -> Table:
    rows = (
        _cells((one.name, one.contents, one.level, one.quantity), _MATTERS)
        for one in matters or (SecretMatter(),)
    )
    return Table((head(_MATTERS), *rows), 1, small=True)


def _cells(texts: tuple[str, ...], columns: tuple[tuple[str, int], ...]) -> Row:
    return Row(
        tuple(
            value(text or TO_FILL, span, "centre")
            for text, (_, span) in zip(texts, columns, strict=True)
        )
    )


def _open(name: str, text: str) -> Table:
    return Table((_written(name, text),))


def _written(name: str, text: str) -> Row:
    """Return a row with what is known, or with room and the mark who writes."""
    return field(name, text or TO_FILL, height=1 if text else _ROOM)


def _signing(report: IncidentReport) -> Table:
    return Table(
        (
            pair("填表人", report.prepared_by or TO_FILL, "填表日期", day(None)),
            Row(
                (
                    label("保密办负责人意见", 4),
                    Cell(
                        (
                            Line(TO_FILL),
                            Line("\n"),
                            Line(f"签字：{BLANK * 2}（盖章）　{day(None)}", "right"),
                        ),
                        20,
                    ),
                )
            ),
        )
    )


def _later(report: IncidentReport) -> Iterator[Row]:
    later = report.later
    yield _written("主要原因和教训", later.causes)
    yield _written("责任人处理情况", later.handling)
    yield _written("补救措施和加强保密工作情况", later.remedies)
    signed = f"签字：{BLANK * 2}（盖章）　{day(later.reported)}"
    yield Row((label("报告人", 4), value(signed, 20, "right")))
