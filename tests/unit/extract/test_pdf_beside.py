"""What a PDF carries beside its pages: each kind is found with its place."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.pdf import sheet
from review.extract.pdf.pdf import Pdf

_FONT = Dictionary(
    Type=Name.Font,
    Subtype=Name.Type1,
    BaseFont=Name.Helvetica,
    Encoding=Name.WinAnsiEncoding,
)


def _words(pdf: pikepdf.Pdf, text: str, *, resources: object = None) -> pikepdf.Page:
    page = pdf.add_blank_page(page_size=(400, 400))
    page.Resources = resources or Dictionary(Font=Dictionary(F=_FONT))
    page.Contents = pdf.make_stream(f"BT /F 12 Tf 50 300 Td ({text}) Tj ET".encode())
    return page


def _made(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """Return a file of two plain pages after a change."""
    pdf = pikepdf.new()
    _words(pdf, "first page")
    _words(pdf, "second page")
    change(pdf)
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def _read(change: Callable[[pikepdf.Pdf], object]) -> Extraction:
    return Pdf().extract(_made(change), Limits())


def _block(extraction: Extraction, text: str) -> Block:
    (block,) = [block for block in extraction.blocks if block.text == text]
    return block


def _noted(*notes: dict[str, Any]) -> Callable[[pikepdf.Pdf], None]:
    """Put annotations on the second page, each referred to by the next."""

    def change(pdf: pikepdf.Pdf) -> None:
        made: list[pikepdf.Object] = []
        for each in notes:
            fields = {f"/{key}": value for key, value in each.items()}
            note = pdf.make_indirect(
                Dictionary({"/Type": Name.Annot, "/Rect": [10, 10, 90, 40], **fields})
            )
            if "/IRT" in fields:
                note.IRT = made[-1]
            made.append(note)
        pdf.pages[1].Annots = Array(made)

    return change


def test_notes_carry_kind_author_day_and_page() -> None:
    extraction = _read(
        _noted(
            {
                "Subtype": Name.Text,
                "Contents": String("这句要核实"),
                "T": String("张示例"),
                "M": String("D:20260304050607+08'00'"),
            },
            {
                "Subtype": Name.Text,
                "Contents": String("已核实"),
                "T": String("李样本"),
                "IRT": None,
            },
            {"Subtype": Name.Highlight, "Contents": String("藏着的批注"), "F": 2},
            {"Subtype": Name.Popup, "Contents": String("弹出的字")},
            {"Subtype": Name.Stamp, "Subj": String("内部使用")},
            {"Subtype": Name.Redact, "OverlayText": String("涂黑代码甲")},
        )
    )
    first = _block(extraction, "这句要核实")
    assert first.detail == "批注（便笺），张示例，2026-03-04"
    assert (first.where.part, first.where.page) == ("annotation", 2)
    assert first.hidden
    assert "回复" in (_block(extraction, "已核实").detail or "")
    assert "不显示" in (_block(extraction, "藏着的批注").detail or "")
    for text in ("弹出的字", "内部使用", "涂黑代码甲"):
        assert _block(extraction, text).hidden
    assert _block(extraction, "批注作者：张示例").where.part == "metadata"


def test_rich_text_that_differs_from_the_plain_is_read() -> None:
    rich = String("<body><p>另一句<b>话</b></p></body>")
    extraction = _read(
        _noted({"Subtype": Name.FreeText, "Contents": String("一句话"), "RC": rich})
    )
    assert _block(extraction, "一句话").where.part == "annotation"
    assert _block(extraction, "另一句 话").where.page == 2


@pytest.mark.parametrize("links", [0, 600])
def test_words_that_only_a_stamp_shows_are_read_as_seen(links: int) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"BT /F 12 Tf 5 5 Td (stamp words) Tj ET")
        look.Type, look.Subtype = Name.XObject, Name.Form
        look.BBox, look.Resources = [0, 0, 80, 30], Dictionary(Font=Dictionary(F=_FONT))
        stamp = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Stamp,
            Rect=[10, 10, 90, 40],
            F=4,
            AP=Dictionary(N=look),
        )
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 5, 5])
        before = [pdf.make_indirect(link) for _ in range(links)]
        pdf.pages[0].Annots = Array([*before, pdf.make_indirect(stamp)])

    block = _block(_read(change), "stamp words")
    assert (block.hidden, block.where.part, block.where.page) == (
        False,
        "annotation",
        1,
    )


def test_a_stamp_that_cannot_be_painted_is_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No file is known that makes the painting fail, so the failure is put in its place.
    monkeypatch.setattr(
        sheet.pdfium, "FPDFPage_Flatten", lambda *_: sheet.pdfium.FLATTEN_FAIL
    )
    extraction = _read(_noted({"Subtype": Name.Stamp, "Subj": String("内部使用")}))
    (gap,) = (one for one in extraction.gaps if one.where.part == "annotation")
    assert gap.code == "unreadable_part"
    assert "未检查" in gap.message


def test_the_picture_of_a_stamp_is_handed_on() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(bytes(range(256)) * 16)
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width = image.Height = 64
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
        look = pdf.make_stream(b"q 80 0 0 30 0 0 cm /I Do Q")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, [0, 0, 80, 30]
        look.Resources = Dictionary(XObject=Dictionary(I=image))
        stamp = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Stamp,
            Rect=[10, 10, 90, 40],
            F=4,
            AP=Dictionary(N=look),
        )
        pdf.pages[1].Annots = Array([pdf.make_indirect(stamp)])

    (picture,) = _read(change).pictures
    assert (picture.page, picture.where.page) == (False, 2)


def test_links_and_files_that_are_opened_are_named() -> None:
    extraction = _read(
        _noted(
            {
                "Subtype": Name.Link,
                "A": Dictionary(S=Name.URI, URI=String("http://10.9.8.7/内部")),
            },
            {
                "Subtype": Name.Link,
                "A": Dictionary(S=Name.Launch, F=String("D:\\资料\\名单.xlsx")),
            },
        )
    )
    assert _block(extraction, "http://10.9.8.7/内部").detail == "链接地址"
    assert _block(extraction, "D:\\资料\\名单.xlsx").hidden


def _field(name: str, **more: Any) -> Dictionary:
    usual = {"/FT": Name.Tx, "/Rect": [10, 10, 90, 30], "/T": String(name)}
    special = {f"/{key}": value for key, value in more.items()}
    return Dictionary(
        {"/Type": Name.Annot, "/Subtype": Name.Widget, **usual, **special}
    )


def test_form_fields_give_values_defaults_choices_and_tips() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        first, tip = String("原来的值"), String("填写提示")
        seen = _field("name", V=String("填好的值"), DV=first, TU=tip)
        unseen = _field("id", V=String("藏着的值"), F=2)
        offered = Array([String("甲部"), Array([String("2"), String("乙部")])])
        choice = _field("pick", FT=Name.Ch, V=String("甲部"), Opt=offered)
        fields = Array([pdf.make_indirect(each) for each in (seen, unseen, choice)])
        pdf.pages[1].Annots = fields
        pdf.Root.AcroForm = Dictionary(Fields=fields)

    extraction = _read(change)
    assert not _block(extraction, "填好的值").hidden
    assert _block(extraction, "填好的值").where.page == 2
    assert _block(extraction, "藏着的值").hidden
    assert "不显示" in (_block(extraction, "藏着的值").detail or "")
    for text, detail in (
        ("原来的值", "默认值"),
        ("填写提示", "提示"),
        ("乙部", "选项"),
    ):
        assert _block(extraction, text).hidden
        assert detail in (_block(extraction, text).detail or "")


def test_xfa_data_is_read() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        parts = [
            b"<xdp:xdp xmlns:xdp='x'>",
            "<data><v>表单里的数据</v></data>".encode(),
            b"</xdp:xdp>",
        ]
        packed = Array()
        for index, part in enumerate(parts):
            packed.append(String(f"p{index}"))
            packed.append(pdf.make_indirect(pdf.make_stream(part)))
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=packed)

    assert _block(_read(change), "表单里的数据").detail == "XFA 表单数据"


def test_scripts_of_every_trigger_are_shown_and_a_gap() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        def script(text: str) -> Dictionary:
            return Dictionary(S=Name.JavaScript, JS=String(text))

        pdf.Root.OpenAction = script("app.alert('打开时')")
        pdf.Root.AA = Dictionary(WC=script("app.alert('关闭时')"))
        pdf.pages[1].AA = Dictionary(O=script("app.alert('翻页时')"))
        long = pdf.make_stream("app.alert('名字树')".encode())
        tree = Array(
            [String("one"), Dictionary(S=Name.JavaScript, JS=pdf.make_indirect(long))]
        )
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=tree))

    extraction = _read(change)
    for text in ("打开时", "关闭时", "翻页时", "名字树"):
        block = _block(extraction, f"app.alert('{text}')")
        assert (block.where.part, block.detail) == ("hidden", "JavaScript 脚本")
    assert _block(extraction, "app.alert('翻页时')").where.page == 2
    (gap,) = extraction.gaps
    assert gap.code == "macro"
    assert "4 段" in gap.message


def test_files_of_the_name_tree_and_of_notes_are_handed_on() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        def file(name: str, text: str) -> pikepdf.Object:
            return pdf.make_indirect(
                Dictionary(
                    Type=Name.Filespec,
                    F=String("x.txt"),
                    UF=String(name),
                    Desc=String(f"{name}的说明"),
                    EF=Dictionary(F=pdf.make_stream(text.encode())),
                )
            )

        pdf.Root.Names = Dictionary(
            EmbeddedFiles=Dictionary(
                Names=Array([String("a"), file("总表.txt", "总表里的字")])
            )
        )
        _noted({"Subtype": Name.FileAttachment, "FS": file("别针.txt", "别针里的字")})(
            pdf
        )

    extraction = _read(change)
    found = {each.name: each for each in extraction.embedded}
    assert found["总表.txt"].data.decode() == "总表里的字"
    assert found["别针.txt"].data.decode() == "别针里的字"
    assert _block(extraction, "总表.txt的说明").where.part == "attachment"


def test_a_file_that_unpacks_without_end_is_a_gap() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        big = pdf.make_stream(bytes(3 * 1024 * 1024))
        pdf.Root.Names = Dictionary(
            EmbeddedFiles=Dictionary(
                Names=Array(
                    [
                        String("a"),
                        Dictionary(F=String("大.bin"), EF=Dictionary(F=big)),
                    ]
                )
            )
        )

    limits = Limits(unpacked_bytes=2 * 1024 * 1024)
    extraction = Pdf().extract(_made(change), limits)
    assert extraction.embedded == ()
    assert [gap.code for gap in extraction.gaps] == ["unreadable_part"]


def test_properties_custom_ones_and_xmp_are_read_once() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = String("张示例")
        pdf.docinfo["/密级"] = String("内部")
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = ["张示例"]
            meta["dc:description"] = "报送稿"
        pdf.docinfo["/Title"] = "甲校名单".encode("gb18030")

    extraction = _read(change)
    texts = [b.text for b in extraction.blocks if b.where.part == "metadata"]
    assert sum("张示例" in text for text in texts) == 1
    assert {"作者：张示例", "密级：内部", "标题：甲校名单"} <= set(texts)
    assert any("报送稿" in text for text in texts)
    assert all(b.hidden for b in extraction.blocks if b.where.part == "metadata")


def test_bookmarks_labels_alternatives_and_private_data_are_read() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("第一部分内情", 0))
        pdf.Root.PageLabels = Dictionary(
            Nums=Array([0, Dictionary(S=Name.D, P=String("内参卷-"))])
        )
        element = Dictionary(
            Type=Name.StructElem,
            S=Name.Figure,
            P=Dictionary(),
            Pg=pdf.pages[1].obj,
            Alt=String("合影：前排左起"),
            ActualText=String("真正的文字"),
        )
        pdf.Root.StructTreeRoot = Dictionary(
            Type=Name.StructTreeRoot, K=pdf.make_indirect(element)
        )
        pdf.pages[0].PieceInfo = Dictionary(
            App=Dictionary(Private=Dictionary(Note=String("排版时的备注")))
        )

    extraction = _read(change)
    assert _block(extraction, "第一部分内情").detail == "书签"
    assert _block(extraction, "内参卷-").hidden
    alternative = _block(extraction, "合影：前排左起")
    assert (alternative.detail, alternative.where.page) == ("图片替代文字", 2)
    assert _block(extraction, "真正的文字").detail == "替换文字"
    private = _block(extraction, "排版时的备注")
    assert (private.detail, private.where.page) == ("应用程序私有数据", 1)


def test_pages_that_no_list_names_are_read() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        orphan = _words(pdf, "taken out page").obj
        pdf.Root.Kept = pdf.make_indirect(Dictionary(Page=orphan))
        del pdf.pages[2]

    block = _block(_read(change), "taken out page")
    assert (block.hidden, block.where.part) == (True, "layer")
    assert block.detail == "文件里没有列入页面的页"


def test_more_such_pages_than_are_read_are_told() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pages = [_words(pdf, f"taken out {each}").obj for each in range(51)]
        pdf.Root.Kept = pdf.make_indirect(Array(pages))
        del pdf.pages[2:]

    extraction = _read(change)
    assert sum("taken out" in block.text for block in extraction.blocks) == 50
    (gap,) = extraction.gaps
    assert (gap.code, "前 50 页" in gap.message) == ("too_large", True)


def _saved_again(data: bytes, number: int, body: bytes) -> bytes:
    """Append a new version of one object, as an incremental save does."""
    at = len(data)
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    new = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root, size = pdf.Root.objgen[0], len(pdf.objects) + 1
    trailer = b"trailer\n<</Root %d 0 R/Size %d/Prev %d>>\n" % (root, size, start)
    end = b"startxref\n%d\n%%%%EOF\n" % (at + len(new))
    return data + new + table + trailer + end


def test_pages_and_notes_of_earlier_versions_are_read() -> None:
    pdf = pikepdf.new()
    page = _words(pdf, "old wording")
    note = {"Subtype": Name.Text, "Contents": String("删掉的批注")}
    pdf.add_blank_page()
    _noted(note)(pdf)
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    data = buffer.getvalue()
    with pikepdf.open(io.BytesIO(data)) as again:
        content = again.pages[0].Contents.objgen[0]
        notes = again.pages[1].Annots[0].objgen[0]
    words = b"BT /F 12 Tf 50 300 Td (new wording) Tj ET"
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(words), words)
    data = _saved_again(_saved_again(data, content, stream), notes, b"null")
    extraction = Pdf().extract(data, Limits())
    assert [b.text for b in extraction.blocks if not b.hidden] == ["new wording"]
    old = _block(extraction, "old wording")
    assert (old.hidden, old.detail, old.where.page) == (
        True,
        "文件里保留的旧版本内容",
        1,
    )
    gone = _block(extraction, "删掉的批注")
    assert "旧版本" in (gone.detail or "")
    assert page is not None


@pytest.mark.parametrize(("saved", "told"), [(8, False), (9, True)])
def test_more_versions_than_are_read_are_told(*, saved: int, told: bool) -> None:
    data = _made(lambda _: None)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = pdf.pages[1].Contents.objgen[0]
    for _ in range(saved):
        data = _saved_again(data, content, b"null")
    gaps = Pdf().extract(data, Limits()).gaps
    assert ["旧版本过多" in gap.message for gap in gaps] == [True] * told


@pytest.mark.parametrize("end", ["head", "tail"])
def test_data_before_and_behind_the_file_is_handed_on(*, end: str) -> None:
    data, stray = _made(lambda _: None), "附在外面的一段话，足够长。".encode() * 3
    whole = stray + data if end == "head" else data + stray
    (found,) = Pdf().extract(whole, Limits()).embedded
    assert found.data == stray
