"""What the keys of a PDF's dictionaries are called, and which say nothing."""

import re
from typing import Final

KINDS: Final = {
    "/Text": "便笺",
    "/FreeText": "文本框",
    "/Popup": "弹出窗",
    "/Highlight": "高亮",
    "/Underline": "下划线",
    "/StrikeOut": "删除线",
    "/Squiggly": "波浪线",
    "/Stamp": "图章",
    "/Caret": "插入符",
    "/Ink": "手绘",
    "/Square": "方框",
    "/Circle": "圆框",
    "/Line": "直线",
    "/Polygon": "多边形",
    "/PolyLine": "折线",
    "/FileAttachment": "附件",
    "/Redact": "待涂黑",
    "/Link": "链接",
    "/Sound": "声音",
    "/Movie": "影片",
    "/Screen": "多媒体",
    "/RichMedia": "多媒体",
    "/Watermark": "水印",
    "/Widget": "表单项",
    "/3D": "三维模型",
}
MEDIA: Final = frozenset(["/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"])
# What editors write as the subject of a note by themselves: its kind once more.
SUBJECTS: Final = frozenset(
    [
        *KINDS.values(),
        *("Sticky Note", "Note", "Highlight", "Text Box", "Typewriter", "Rectangle"),
        *("Strikeout", "Cross-Out", "Underline", "Stamp", "Pencil", "Comment on Text"),
        *("文件附件", "附注", "注释", "文本框", "矩形", "铅笔", "替换文本", "插入文本"),
        *("高亮文本", "画线", "椭圆", "箭头", "Inserted Text", "Replacement Text"),
    ]
)
OPENING: Final = frozenset(
    ["/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Thread"]
)
PROPERTIES: Final = {
    "/Title": "标题",
    "/Author": "作者",
    "/Subject": "主题",
    "/Keywords": "关键词",
    "/Creator": "创建软件",
    "/Producer": "生成软件",
    "/Company": "单位",
    "/Manager": "经理",
    "/Category": "类别",
    "/Comments": "备注",
}
SIGNATURE: Final = {
    "/Name": "签名人",
    "/Reason": "签名原因",
    "/Location": "签名地点",
    "/ContactInfo": "联系方式",
}
STRUCTURE: Final = {
    "/Alt": "图片替代文字",
    "/ActualText": "替换文字",
    "/E": "缩写全称",
    "/T": "结构标题",
}
CAPTIONS: Final = {"/CA": "按钮文字", "/RC": "按钮文字", "/AC": "按钮文字"}
# Told elsewhere, whatever dictionary they stand in.
TOLD: Final = frozenset(["/URI", "/JS", "/F", "/UF", "/Unix", "/DOS", "/Mac", "/Desc"])
# Strings of the format itself: names of resources, dates, marks, colours, keys.
_DULL_NAMES: Final = """
    ID Registry Ordering CharSet FontFamily FontName BaseFont Encoding Panose CIDSet
    Lang NM DA DS M CreationDate ModDate SourceModified LastModified Date Cert O U OE
    UE Perms R REx SA D Limits Nums Names Dests IDTree ClassMap NS RegistryName Info
    OutputConditionIdentifier OutputCondition ICCProfile Indexed Lookup Matte Trapped
    CheckSum DocChecksum Version Marked Tabs Style CSWeb Changes ByteRange DigestValue
    Data Prop_AuthType Prop_Build PTEX.Fullbanner GTS_PDFXVersion GTS_PDFXConformance
    GTS_PDFA1Version
"""
DULL: Final = frozenset(f"/{name}" for name in _DULL_NAMES.split())

_NUMBERS: Final = r"xmp\.|uuid:|D:\d{8}|adobe:|[0-9A-Fa-f{}_-]{16,}$"
_MIN_UNKNOWN: Final = 6


def is_readable(text: str) -> bool:
    """Tell words from the numbers that programs give things, dates and raw bytes."""
    return (
        len(text) > 1
        and text.isprintable()
        and "\ufffd" not in text
        and re.match(_NUMBERS, text) is None
    )


def is_telling(text: str) -> bool:
    """Tell a text under an unknown key from the codes that programs put there."""
    return is_readable(text) and (
        len(text) >= _MIN_UNKNOWN or re.search("[^\x00-\xff]", text) is not None
    )
