"""Rosters of a PDF reach the report as rows and cells, ruled or not."""

import io
from collections.abc import Callable, Sequence

import pikepdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

from review.extract.interface import Extraction
from review.extract.limits import Limits
from review.extract.pdf.pdf import Pdf

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_ROSTER = [
    ["序号", "姓名", "部门", "电话"],
    ["1", "张示例", "教务处", "000-1001"],
    ["2", "李样本", "学工处", "000-1002"],
    ["3", "王测试", "后勤处", "000-1003"],
]


def _table(rows: Sequence[Sequence[str]], *style: tuple[object, ...]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    font = ("FONTNAME", (0, 0), (-1, -1), "STSong-Light")
    table = Table([list(row) for row in rows], colWidths=100, style=[font, *style])
    SimpleDocTemplate(buffer, pagesize=A4).build([table])
    return buffer.getvalue()


def _drawn(draw: Callable[[Canvas], object]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _rows(data: bytes) -> list[list[str]]:
    found = Pdf().extract(data, Limits())
    return [list(block.cells) for block in found.blocks if block.role == "row"]


def _lines(extraction: Extraction) -> list[str]:
    return [b.text for b in extraction.blocks if not b.hidden and b.role != "row"]


def _all(*style: object) -> tuple[object, ...]:
    name, *rest = style
    return (name, (0, 0), (-1, -1), *rest)


def test_a_ruled_roster_becomes_rows() -> None:
    assert _rows(_table(_ROSTER, _all("GRID", 0.5, "black"))) == _ROSTER


def test_a_roster_open_at_its_sides_becomes_rows() -> None:
    style = [_all("INNERGRID", 0.5, "black"), _all("LINEABOVE", 0.5, "black")]
    assert _rows(_table(_ROSTER, *style)) == _ROSTER


def test_a_roster_of_filled_cells_becomes_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for row, cells in enumerate(_ROSTER):
            for column, text in enumerate(cells):
                canvas.setFillGray(0.9 if row % 2 else 0.95)
                canvas.rect(72 + column * 90, 700 - row * 24, 90, 24, stroke=0, fill=1)
                canvas.setFillGray(0)
                canvas.drawString(76 + column * 90, 708 - row * 24, text)

    assert _rows(_drawn(draw)) == _ROSTER


def test_a_grid_drawn_as_one_path_becomes_rows() -> None:
    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        for row in range(5):
            path.moveTo(72, 724 - row * 24)
            path.lineTo(432, 724 - row * 24)
        for column in range(5):
            path.moveTo(72 + column * 90, 724)
            path.lineTo(72 + column * 90, 628)
        canvas.drawPath(path)
        for row, cells in enumerate(_ROSTER):
            for column, text in enumerate(cells):
                canvas.drawString(76 + column * 90, 708 - row * 24, text)

    assert _rows(_drawn(draw)) == _ROSTER


def test_merged_cells_stand_in_their_first_place() -> None:
    rows = [
        ["部门", "姓名", "电话"],
        ["教务处", "张示例", "000-1001"],
        ["", "李样本", "000-1002"],
        ["合计", "", "2"],
    ]
    style = [
        _all("GRID", 0.5, "black"),
        ("SPAN", (0, 1), (0, 2)),
        ("SPAN", (0, 3), (1, 3)),
    ]
    assert _rows(_table(rows, *style)) == rows


def test_a_broken_line_in_a_cell_is_one_cell() -> None:
    rows = [["序号", "说明"], ["1", "第一行\n第二行"], ["2", "only one\nword more"]]
    found = _rows(_table(rows, _all("GRID", 0.5, "black")))
    assert found[1:] == [["1", "第一行第二行"], ["2", "only one word more"]]


def test_a_table_on_a_turned_page_becomes_rows() -> None:
    data = _table(_ROSTER, _all("GRID", 0.5, "black"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        # Painted sideways and shown turned: upright for whoever reads it.
        words = b"q 0 1 -1 0 595 0 cm " + page.Contents.read_bytes() + b" Q"
        page.Contents = pdf.make_stream(words)
        page.MediaBox, page.Rotate = [-300, 0, 595, 842], 90
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert _rows(buffer.getvalue()) == _ROSTER


def test_a_table_in_a_cell_keeps_its_own_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for left, bottom, width, height in (
            (60, 500, 200, 200),
            (260, 500, 200, 200),
            (60, 460, 200, 40),
            (260, 460, 200, 40),
        ):
            canvas.rect(left, bottom, width, height)
        for row in range(2):
            for column in range(2):
                canvas.rect(280 + column * 70, 600 - row * 30, 70, 30)
                canvas.drawString(284 + column * 70, 610 - row * 30, f"内{row}{column}")
        canvas.drawString(70, 600, "外左")
        canvas.drawString(280, 680, "外右")
        canvas.drawString(70, 470, "下左")
        canvas.drawString(280, 470, "下右")

    rows = _rows(_drawn(draw))
    assert ["内00", "内01"] in rows
    assert ["内10", "内11"] in rows
    assert ["外左", "外右"] in rows
    assert ["下左", "下右"] in rows


def _placed(rows: Sequence[Sequence[str]], step: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 760, "值班人员如下：")
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                canvas.drawString(72 + column * step, 720 - row * 24, text)

    return draw


def test_an_unruled_roster_becomes_rows() -> None:
    data = _drawn(_placed(_ROSTER, 100))
    assert _rows(data) == _ROSTER
    assert _lines(Pdf().extract(data, Limits())) == ["值班人员如下："]


def test_names_spaced_out_are_one_cell() -> None:
    rows = [
        ["张 三", "教务处", "1"],
        ["李样本", "学工处", "2"],
        ["王 五", "后勤处", "3"],
    ]
    found = _rows(_drawn(_placed(rows, 100)))
    assert found == [["张三", *rows[0][1:]], rows[1], ["王五", *rows[2][1:]]]


def test_prose_is_no_table() -> None:
    words = ["one two three four", "five six seven nine", "some more of this"]
    rows = [["春天 来了 花开 了吧"], ["夏天 到了 天热 了吧"], ["秋天 来了 叶落 了吧"]]
    assert _rows(_drawn(_placed([[line] for line in words], 100))) == []
    assert _rows(_drawn(_placed(rows, 100))) == []
