"""OFD files (GB/T 33190)."""

from collections.abc import Mapping
from typing import Final

from tests.golden.making.sample import Sample, still
from tests.unit.extract.ofd_files import box, ofd, page, part, rule, text, white

_INFO: Final = (
    "<ofd:Title>{}</ofd:Title><ofd:Author>{}</ofd:Author>"
    "<ofd:CreationDate>2026-09-01</ofd:CreationDate>"
)


def _made(*pages: str, **more: str | Mapping[str, str | bytes]) -> bytes:
    return still(ofd(*pages, **more))  # type: ignore[arg-type]  # - the maker's own keywords


def notice() -> bytes:
    """Return two pages with a ruled table."""
    rows = (
        ("班级", "人数", "班主任"),
        ("护理一班", "46", "张示例"),
        ("机电二班", "39", "李样本"),
    )
    lines = [rule(20, 70 + 10 * n, 170, 70 + 10 * n) for n in range(4)]
    lines += [rule(20 + 50 * n, 70, 20 + 50 * n, 100) for n in range(4)]
    cells = [
        text(said, 22 + 50 * column, 72 + 10 * row)
        for row, one in enumerate(rows)
        for column, said in enumerate(one)
    ]
    first = text("关于上报新生人数的通知", 60, 20, size=7) + text("各班主任：", 20, 40)
    first += text("请核对下表后于九月十日前上报。", 30, 52) + "".join((*lines, *cells))
    second = text("云山职业学院学生处", 120, 30) + text("2026年9月4日", 130, 42)
    return _made(page(first), page(second), info=_INFO.format("新生人数通知", "赵虚构"))


def covered() -> bytes:
    """Return a page with white text and text under a black box."""
    first = (
        text("校企合作协议摘要", 60, 20, size=7)
        + text("合作期限三年。", 20, 40)
        + text("分成比例六四开", 20, 55)
        + box(18, 54, 45, 9)
        + text("违约金二十万元", 20, 70, fill=white())
        + text("双方各执一份。", 20, 85)
    )
    return _made(page(first), info=_INFO.format("协议摘要", "张示例"))


def laden() -> bytes:
    """Return a page with an annotation, an attachment and properties."""
    note = (
        '<ofd:Annot Type="Stamp" Creator="李样本" LastModDate="2026-09-03">'
        "<ofd:Remark>此件先不外发</ofd:Remark>"
        f'<ofd:Appearance Boundary="140 200 40 20">{text("已阅", 0, 0)}</ofd:Appearance></ofd:Annot>'
    )
    attached = (
        '<ofd:Attachment ID="1" Name="名册" Format="csv"><ofd:FileLoc>a.dat</ofd:FileLoc>'
        "</ofd:Attachment>"
    )
    return _made(
        page(text("迎新工作方案", 70, 20, size=7) + text("成立迎新工作专班。", 20, 40)),
        info=_INFO.format("迎新方案", "王测试"),
        more=(
            "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
            "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        ),
        parts={
            "Doc_0/Annots/Annotations.xml": part(
                "Annotations",
                '<ofd:Page PageID="1"><ofd:FileLoc>Page_0/A.xml</ofd:FileLoc></ofd:Page>',
            ),
            "Doc_0/Annots/Page_0/A.xml": part("PageAnnot", note),
            "Doc_0/Attachs/Attachments.xml": part("Attachments", attached),
            "Doc_0/Attachs/a.dat": "姓名,房号,床位\n张示例,301,2\n李样本,302,1\n",
        },
    )


SAMPLES: Final = (
    Sample(
        "ofd/上报新生人数（表格）.ofd",
        "两页，有画线的表格",
        notice,
        (
            "关于上报新生人数的通知",
            "请核对下表后于九月十日前上报。",
            "护理一班\t46\t张示例",
            "云山职业学院学生处",
        ),
        {"author": "作者：赵虚构"},
    ),
    Sample(
        "ofd/合作协议摘要（遮盖）.ofd",
        "有白色文字和黑块遮住的文字",
        covered,
        ("校企合作协议摘要", "合作期限三年。", "双方各执一份。"),
        {"text under a black box": "分成比例六四开", "white text": "违约金二十万元"},
    ),
    Sample(
        "ofd/迎新工作方案（批注附件）.ofd",
        "有批注、附件和属性",
        laden,
        ("迎新工作方案", "成立迎新工作专班。", "已阅"),
        {
            "annotation": "此件先不外发",
            "attachment": "张示例\t301\t2",
            "author": "作者：王测试",
        },
    ),
)
