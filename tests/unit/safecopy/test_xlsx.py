"""What a safe copy of a workbook leaves out, and what it keeps."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as PilImage

from review.errors import UnsupportedError
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy

HIDDEN = "藏着的话"
SHOWN = "学生人数统计"


def book() -> tuple[Workbook, Worksheet]:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "统计"
    sheet["A1"] = SHOWN
    sheet["A2"] = "云山职业学院"
    sheet["B2"] = 120
    return made, sheet


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def whole(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            f"{name}\n{archive.read(name).decode('utf-8', 'replace')}"
            for name in archive.namelist()
        )


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """Replace a text in one part of a package."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w") as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    return out.getvalue()


def copied(data: bytes) -> SafeCopy:
    made = safe_copy(data, "统计.xlsx")
    assert not [one.text for one in read(made.data, "c").blocks if one.hidden]
    load_workbook(io.BytesIO(made.data))
    return made


def kinds(made: SafeCopy) -> str:
    return "、".join(one.kind for one in made.removed)


def test_hidden_sheets_go_and_their_texts_with_them() -> None:
    made, _ = book()
    for state in ("hidden", "veryHidden"):
        sheet = made.create_sheet(f"{HIDDEN}{state}")
        sheet["A1"] = HIDDEN
        sheet.sheet_state = state
    copy = copied(saved(made))
    assert HIDDEN not in whole(copy.data)
    assert load_workbook(io.BytesIO(copy.data)).sheetnames == ["统计"]
    assert ("隐藏的工作表", 2) in [(one.kind, one.count) for one in copy.removed]


def test_hidden_rows_and_columns_are_emptied_and_stay_in_place() -> None:
    made, sheet = book()
    sheet["A3"] = HIDDEN
    sheet.row_dimensions[3].hidden = True
    sheet["D2"] = HIDDEN
    sheet.column_dimensions["D"].hidden = True
    sheet["A4"] = "合计"
    copy = copied(saved(made))
    assert HIDDEN not in whole(copy.data)
    again = load_workbook(io.BytesIO(copy.data))["统计"]
    assert again["A4"].value == "合计"
    assert again.row_dimensions[3].hidden
    assert "隐藏行里的单元格" in kinds(copy)
    assert "隐藏列里的单元格" in kinds(copy)


def test_a_text_is_cut_off_where_it_was() -> None:
    made, sheet = book()
    sheet["C2"] = "一段长长的话，右边被隐藏列截断"
    sheet["D2"] = HIDDEN
    sheet["D3"] = 7
    sheet.column_dimensions["D"].hidden = True
    copy = copied(saved(made))
    assert HIDDEN not in whole(copy.data)
    again = load_workbook(io.BytesIO(copy.data))["统计"]
    assert [again[one].value for one in ("D1", "D2", "D3")] == [None, " ", " "]
    assert copied(copy.data).removed == ()


def test_a_number_that_a_format_puts_as_words_stays_on_the_right() -> None:
    made, sheet = book()
    for cell in ("B3", "B4", "B5"):
        sheet[cell] = 13_800_000_000
        sheet[cell].number_format = '"（略）"'
    sheet["B5"].alignment = Alignment(horizontal="center", wrap_text=True)
    copy = copied(saved(made))
    assert "13800000000" not in whole(copy.data)
    again = load_workbook(io.BytesIO(copy.data))["统计"]
    assert [again[one].value for one in ("B3", "B4", "B5")] == ["（略）"] * 3
    kept = [again[one].alignment.horizontal for one in ("B2", "B3", "B4", "B5")]
    assert kept == [None, "right", "right", "center"]


def test_formulas_become_the_values_that_were_seen() -> None:
    made, sheet = book()
    sheet["C2"] = f'=IF(B2>1,"{HIDDEN}",0)'
    result = ("</f><v></v>", "</f><v>7</v>")
    data = changed(saved(made), "xl/worksheets/sheet1.xml", *result)
    copy = copied(data)
    assert HIDDEN not in whole(copy.data)
    assert load_workbook(io.BytesIO(copy.data))["统计"]["C2"].value == 7
    assert "公式（改为数值）" in kinds(copy)


def test_a_formula_without_a_result_is_refused() -> None:
    made, sheet = book()
    sheet["C2"] = "=B2*2"
    with pytest.raises(UnsupportedError, match="公式"):
        safe_copy(saved(made), "x.xlsx")


def test_comments_names_validations_and_properties_go() -> None:
    made, sheet = book()
    sheet["A1"].comment = Comment(HIDDEN, "李样本")
    made.defined_names["n"] = DefinedName("n", attr_text=f'"{HIDDEN}"')
    rule = DataValidation("list", formula1=f'"{HIDDEN},乙"')
    rule.prompt = HIDDEN
    rule.add("B2")
    sheet.add_data_validation(rule)
    made.properties.creator = HIDDEN
    copy = copied(saved(made))
    text = whole(copy.data)
    assert HIDDEN not in text
    assert "李样本" not in text
    for kind in ("批注", "定义的名称", "数据有效性", "文件属性"):
        assert kind in kinds(copy)


def test_white_cells_are_emptied_and_white_on_colour_stays() -> None:
    made, sheet = book()
    sheet["C1"] = HIDDEN
    sheet["C1"].font = Font(color="FFFFFFFF")
    sheet["C2"] = "白字红底"
    sheet["C2"].font = Font(color="FFFFFFFF")
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFF0000")
    copy = copied(saved(made))
    assert HIDDEN not in whole(copy.data)
    assert "白字红底" in whole(copy.data)


def test_cells_that_their_format_hides_are_emptied() -> None:
    made, sheet = book()
    sheet["C1"] = HIDDEN
    sheet["C1"].number_format = ";;;"
    assert HIDDEN not in whole(copied(saved(made)).data)


def test_what_a_merged_cell_covers_goes() -> None:
    made, sheet = book()
    sheet["A5"], sheet["B5"] = "合并", HIDDEN
    data = changed(
        saved(made),
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '</sheetData><mergeCells count="1"><mergeCell ref="A5:B5"/></mergeCells>',
    )
    assert HIDDEN not in whole(copied(data).data)


def test_a_rule_of_colours_with_words_goes_and_one_with_numbers_stays() -> None:
    made, sheet = book()
    fill = PatternFill("solid", bgColor="FFFF0000")
    sheet.conditional_formatting.add("A1", FormulaRule([f'A1="{HIDDEN}"'], fill=fill))
    sheet.conditional_formatting.add("B2", FormulaRule(["B2>100"], fill=fill))
    copy = copied(saved(made))
    assert HIDDEN not in whole(copy.data)
    assert "B2&gt;100" in whole(copy.data)


def test_only_links_to_public_pages_stay() -> None:
    made, sheet = book()
    sheet["A1"].hyperlink = "https://www.example.edu.cn/"
    sheet["A2"].hyperlink = f"file:///C:/{HIDDEN}.xlsx"
    made_copy = safe_copy(saved(made), "x.xlsx")
    text = whole(made_copy.data)
    assert HIDDEN not in text
    assert "https://www.example.edu.cn/" in text
    assert [one.count for one in made_copy.kept] == [1]


def test_headers_that_no_page_shows_go_and_the_others_stay() -> None:
    made, sheet = book()
    sheet.oddHeader.center.text = "云山职业学院招生办公室"
    sheet.firstHeader.center.text = HIDDEN
    sheet.evenFooter.center.text = HIDDEN
    data = saved(made)
    copy = copied(data)
    assert HIDDEN not in whole(copy.data)
    assert "招生办公室" in whole(copy.data)
    assert "没有启用的页眉页脚" in kinds(copy)
    sheet.HeaderFooter.differentFirst = True
    sheet.firstHeader.center.text = "首页"
    assert "首页" in whole(copied(saved(made)).data)


def test_hidden_shapes_and_the_place_of_the_file_are_told() -> None:
    made, sheet = book()
    picture = io.BytesIO()
    PilImage.new("RGB", (40, 40), "red").save(picture, "PNG")
    sheet.add_image(Image(picture), "D4")
    data = changed(
        saved(made), "xl/drawings/drawing1.xml", 'descr="', 'hidden="1" descr="'
    )
    data = changed(
        data,
        "xl/workbook.xml",
        "<sheets>",
        f'<x15ac:absPath xmlns:x15ac="urn:x" url="{HIDDEN}"/><sheets>',
    )
    copy = copied(data)
    assert HIDDEN not in whole(copy.data)
    assert "media" not in whole(copy.data)
    assert "隐藏的图形" in kinds(copy)
    assert "保存路径" in kinds(copy)


def test_a_workbook_of_hidden_sheets_alone_is_refused() -> None:
    made, _ = book()
    visible = ('state="visible"', 'state="hidden"')
    data = changed(saved(made), "xl/workbook.xml", *visible)
    with pytest.raises(UnsupportedError):
        safe_copy(data, "x.xlsx")


def test_the_same_workbook_gives_the_same_bytes() -> None:
    made, _ = book()
    data = saved(made)
    assert safe_copy(data, "a").data == safe_copy(data, "b").data


_O = "http://schemas.openxmlformats.org"
_X = f"{_O}/spreadsheetml/2006/main"
_R = f"{_O}/officeDocument/2006/relationships"
_RELS = f"{_O}/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def shared(texts: list[str], rows: str) -> bytes:
    """Make a workbook as Excel writes it: texts in a table of their own."""
    out = io.BytesIO()
    links = (
        ("s", "worksheet", "worksheets/sheet1.xml"),
        ("t", "sharedStrings", "sharedStrings.xml"),
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_O}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
            for name, kind in (
                ("workbook", "sheet.main"),
                ("sharedStrings", "sharedStrings"),
                ("worksheets/sheet1", "worksheet"),
            )
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="a" '
        f'Type="{_R}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_X}" xmlns:r="{_R}"><sheets>'
        '<sheet name="统计" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">'
        + "".join(
            f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}"/>'
            for name, kind, target in links
        )
        + "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_X}">'
        + "".join(f"<si><t>{text}</t></si>" for text in texts)
        + "</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_X}"><sheetData>{rows}'
        '</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'
        "</worksheet>",
    }
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def cell(place: str, number: int) -> str:
    return f'<c r="{place}" t="s"><v>{number}</v></c>'


def test_shared_texts_that_no_cell_shows_are_gone_from_their_table() -> None:
    rows = (
        f'<row r="1">{cell("A1", 2)}{cell("B1", 1)}</row>'
        f'<row r="2" hidden="1">{cell("A2", 0)}{cell("B2", 1)}</row>'
    )
    copy = copied(shared([HIDDEN, SHOWN, "合计"], rows))
    text = whole(copy.data)
    assert HIDDEN not in text
    assert text.count(SHOWN) == 1
    sheet = load_workbook(io.BytesIO(copy.data))["统计"]
    assert [sheet["A1"].value, sheet["B1"].value] == ["合计", SHOWN]
    assert ("不再显示的单元格文字", 1) in [(x.kind, x.count) for x in copy.removed]


def test_a_covered_cell_gives_its_shared_text_up_where_nobody_else_uses_it() -> None:
    rows = (
        f'<row r="1">{cell("A1", 1)}</row>'
        f'<row r="3">{cell("A3", 1)}{cell("B3", 0)}</row>'
    )
    copy = copied(shared([HIDDEN, SHOWN], rows))
    assert HIDDEN not in whole(copy.data)
    sheet = load_workbook(io.BytesIO(copy.data))["统计"]
    assert [sheet["A1"].value, sheet["A3"].value] == [SHOWN, SHOWN]
