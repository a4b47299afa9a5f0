"""PDF files: what a page shows, what lies on it unseen, what stands beside it."""

import io
import warnings
from collections.abc import Callable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.golden.making import pictures
from tests.golden.making.sample import Sample

_FONT: Final = "STSong-Light"
_LEFT: Final = 72


def _drawn(
    *pages: Callable[[Canvas], object], author: str = "", title: str = ""
) -> bytes:
    """Return a file with pages, the same bytes each time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library's own
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
        held = io.BytesIO()
        canvas = Canvas(held, invariant=1)
        canvas.setAuthor(author)
        canvas.setTitle(title)
        for page in pages:
            canvas.setFont(_FONT, 14)
            page(canvas)
            canvas.showPage()
        canvas.save()
    return held.getvalue()


def _lines(canvas: Canvas, *lines: str, top: int = 760) -> None:
    for number, line in enumerate(lines):
        canvas.drawString(_LEFT, top - 30 * number, line)


def _changed(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        held = io.BytesIO()
        pdf.save(held, deterministic_id=True)
    return held.getvalue()


def notice() -> bytes:
    """Return two pages with a ruled table."""

    def first(canvas: Canvas) -> None:
        _lines(
            canvas,
            "关于公布实训室开放时间的通知",
            "各系部：",
            "现将本学期实训室开放时间公布如下。",
        )
        rows = (
            ("实训室", "开放时间", "负责人"),
            ("护理实训室", "周一至周五", "张示例"),
            ("焊接实训室", "周二、周四", "李样本"),
        )
        for number in range(len(rows) + 1):
            canvas.line(_LEFT, 640 - 30 * number, _LEFT + 450, 640 - 30 * number)
        for number in range(4):
            canvas.line(_LEFT + 150 * number, 550, _LEFT + 150 * number, 640)
        for row, cells in enumerate(rows):
            for column, said in enumerate(cells):
                canvas.drawString(_LEFT + 8 + 150 * column, 620 - 30 * row, said)

    def second(canvas: Canvas) -> None:
        _lines(canvas, "请各班按时预约，爱护设备。")
        canvas.drawString(400, 700, "云山职业学院教务处")

    return _drawn(first, second, author="张示例", title="实训室开放时间")


def unseen() -> bytes:
    """Return a page with invisible, white, tiny, covered and cropped text."""

    def page(canvas: Canvas) -> None:
        _lines(canvas, "学院办学情况简介", "学院现有全日制在校生八千余人。")
        text = canvas.beginText(_LEFT, 640)
        text.setTextRenderMode(3)
        text.textOut("生均经费低于标准线")
        text.setTextRenderMode(0)
        canvas.drawText(text)
        canvas.drawString(_LEFT, 600, "联系人张示例电话")
        canvas.drawString(_LEFT + 130, 600, "13800000007")
        canvas.rect(_LEFT + 126, 594, 110, 20, fill=1)
        canvas.drawString(_LEFT, 40, "内部版本不得上网")
        canvas.setFillColor(Color(1, 1, 1))
        canvas.drawString(_LEFT, 560, "教师流失二十一人")
        canvas.setFillColor(Color(0, 0, 0))
        canvas.setFont(_FONT, 1)
        canvas.drawString(_LEFT, 520, "债务余额暂不披露")

    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].CropBox = [0, 100, 595, 842]

    return _changed(_drawn(page, title="办学情况简介"), crop)


def _put_layer(pdf: pikepdf.Pdf) -> None:
    """Write the last lines of the second page on a layer that is off."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("内部意见")))
    page = pdf.pages[1]
    form = pdf.make_stream(page.Contents.read_bytes())
    form.Type, form.Subtype, form.OC = Name.XObject, Name.Form, group
    form.BBox, form.Resources = [0, 0, 595, 842], page.Resources
    pdf.pages[0].Resources.XObject = Dictionary(X=form)
    pdf.pages[0].contents_add(b"/X Do")
    del pdf.pages[1]
    pdf.Root.OCProperties = Dictionary(
        OCGs=[group], D=Dictionary(OFF=[group], ON=[], Order=[group])
    )


def _put_notes(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=[400, 700, 420, 720],
        Contents=String("第三条与上级口径不一致"),
        T=String("李样本"),
        M=String("D:20260903093000+08'00'"),
    )
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("审批意见"),
        V=String("同意，暂缓公开"),
        Rect=[72, 400, 300, 420],
        F=2,
    )
    made = [pdf.make_indirect(one) for one in (note, field)]
    pdf.pages[0].Annots = Array(made)
    pdf.Root.AcroForm = Dictionary(Fields=Array(made[1:]))


def _put_files(pdf: pikepdf.Pdf) -> None:
    body = pdf.make_stream(
        "姓名,电话,房间\n赵虚构,13800000008,305\n李样本,13800000009,306\n".encode()
    )
    body.Type = Name.EmbeddedFile
    file = Dictionary(
        Type=Name.Filespec,
        F=String("list.csv"),
        UF=String("通讯录.csv"),
        EF=Dictionary(F=body),
    )
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('内网地址 10.9.8.7');"))
    pdf.Root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array([String("a"), pdf.make_indirect(file)]))
    )
    pdf.Root.OpenAction = script


def laden() -> bytes:
    """Return a page with a layer, a note, a field, a file, a script and XMP."""

    def page(canvas: Canvas) -> None:
        _lines(
            canvas,
            "信息化建设规划（征求意见稿）",
            "一、升级校园网出口带宽。",
            "二、建设统一身份认证。",
        )

    def layer(canvas: Canvas) -> None:
        canvas.drawString(_LEFT, 500, "三、拟由指定厂商承建")

    def change(pdf: pikepdf.Pdf) -> None:
        _put_layer(pdf)
        _put_notes(pdf)
        _put_files(pdf)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:creator"] = ["赵虚构"]
            meta["dc:description"] = "报送信息中心内部稿"

    return _changed(_drawn(page, layer), change)


def saved_twice() -> bytes:
    """Return a file whose first wording is still in it."""

    def page(canvas: Canvas) -> None:
        _lines(canvas, "招标公告", "预算金额一百八十万元。")

    def other(canvas: Canvas) -> None:
        _lines(canvas, "招标公告", "预算金额另行公布。")

    data = _changed(_drawn(page), lambda _: None)
    with pikepdf.open(io.BytesIO(_drawn(other))) as pdf:
        words = pdf.pages[0].Contents.read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
        root, size = pdf.Root.objgen[0], len(pdf.objects) + 1
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    body = b"<</Length %d>>\nstream\n%s\nendstream" % (len(words), words)
    new = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(data))
    trailer = b"trailer\n<</Root %d 0 R/Size %d/Prev %d>>\n" % (root, size, start)
    end = b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(new))
    return data + new + table + trailer + end


def scanned() -> bytes:
    """Return a scanned page, and one with text under a picture."""

    def scan(canvas: Canvas) -> None:
        picture = io.BytesIO(
            pictures.saved(pictures.scan(stamp="内部").quantize(16), "PNG")
        )
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)

    def covered(canvas: Canvas) -> None:
        _lines(canvas, "附件：排查分工", "责任人名单另发，请各系部按时领取。")
        canvas.drawString(_LEFT, 640, "被盖住的责任人赵虚构")
        canvas.drawImage(ImageReader(pictures.covered()), _LEFT - 10, 625, 220, 40)

    return _drawn(scan, covered)


SAMPLES: Final = (
    Sample(
        "pdf/实训室开放时间.pdf",
        "两页，有画线的表格",
        notice,
        (
            "关于公布实训室开放时间的通知",
            "护理实训室\t周一至周五\t张示例",
            "请各班按时预约，爱护设备。",
        ),
        {"author": "作者：张示例"},
    ),
    Sample(
        "pdf/办学情况简介（看不见的文字）.pdf",
        "有不绘制、白色、极小、黑块遮住和裁剪框外的文字",
        unseen,
        ("学院办学情况简介", "学院现有全日制在校生八千余人。", "联系人张示例电话"),
        {
            "invisible text": "生均经费低于标准线",
            "text under a black box": "13800000007",
            "white text": "教师流失二十一人",
            "tiny text": "债务余额暂不披露",
            "text outside the crop box": "内部版本不得上网",
        },
    ),
    Sample(
        "pdf/信息化规划（图层附件表单）.pdf",
        "有关闭的图层、批注、表单域、附件、脚本和 XMP",
        laden,
        (
            "信息化建设规划（征求意见稿）",
            "一、升级校园网出口带宽。",
            "二、建设统一身份认证。",
        ),
        {
            "layer that is off": "三、拟由指定厂商承建",
            "annotation": "第三条与上级口径不一致",
            "form field": "同意，暂缓公开",
            "attachment": "赵虚构\t13800000008",
            "JavaScript": "内网地址 10.9.8.7",
            "macro": "内网地址 10.9.8.7",
            "XMP": "报送信息中心内部稿",
        },
    ),
    Sample(
        "pdf/招标公告（旧版本）.pdf",
        "增量保存留下的旧版本",
        saved_twice,
        ("招标公告", "预算金额另行公布。"),
        {"earlier revision": "预算金额一百八十万元。"},
    ),
    Sample(
        "pdf/隐患排查（扫描件）.pdf",
        "一页扫描件；一页文字，其中一行在图片下面",
        scanned,
        (
            "云山职业学院文件",
            "关于开展安全隐患排查的通知",
            "附件：排查分工",
            "责任人名单另发",
        ),
        {"text under a picture": "被盖住的责任人赵虚构"},
        ("recognition",),
    ),
)
