"""Places in a draft: half-open spans of characters and where a block stands.

The floor of every room: a finding's place reaches later rooms through these
values, so that none of them needs to know a whole document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

Part: TypeAlias = Literal[
    "body",
    "table",
    "header",
    "footer",
    "footnote",
    "comment",
    "insertion",
    "deletion",
    "textbox",
    "notes",
    "metadata",
    "annotation",
    "layer",
    "attachment",
    "image",
    "sheet",
    "hidden",
]
# As readers know them.
PART_WORDS: Final[Mapping[Part, str]] = {
    "body": "正文",
    "table": "表格",
    "header": "页眉",
    "footer": "页脚",
    "footnote": "脚注",
    "comment": "批注",
    "insertion": "修订插入",
    "deletion": "修订删除",
    "textbox": "文本框",
    "notes": "备注",
    "metadata": "文件属性",
    "annotation": "注释",
    "layer": "图层",
    "attachment": "内嵌文件",
    "image": "图片",
    "sheet": "工作表",
    "hidden": "隐藏内容",
}


class Span(NamedTuple):
    """A half-open range of characters, `start` <= i < `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where a block stands in its file; numbers count from 1."""

    part: Part = "body"
    page: int | None = None
    paragraph: int | None = None
    sheet: str | None = None
    path: str | None = None
    table: int | None = None
    row: int | None = None
    cell: str | None = None
