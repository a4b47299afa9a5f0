"""Freeze fields to what they show; only page numbers and the like stay alive."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import regex
from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.ooxml import local
from review.extract.word.styles import W
from review.safecopy.interface import Tally
from review.safecopy.trees import drop, unwrap

_SWITCH: Final = r"(?:\s+\\\*\s*\w+)*"
# Fields that differ from page to page, written so that nothing can hide in them.
_ALIVE: Final = regex.compile(
    rf"(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION){_SWITCH}"
    rf"|PAGEREF\s+_Toc\d{{1,12}}(?:\s+\\[hp])*{_SWITCH}"
    r"|TOC(?:\s+\\[a-z](?:\s+\"[1-9]-[1-9]\")?)*"
    rf"|STYLEREF\s+\"?(?:标题|heading)?\s?\d\"?(?:\s+\\[lnprtw])*{_SWITCH}"
    r"|FORMCHECKBOX",
    regex.IGNORECASE,
)
# They draw what their code says, and have no result of their own.
_DRAWN: Final = frozenset({"EQ", "SYMBOL", "AUTONUM", "AUTONUMLGL", "LISTNUM"})
_UNSEPARABLE: Final = frozenset({"FORMDROPDOWN", "MACROBUTTON", "GOTOBUTTON"})
_CODE: Final = "域代码"
_BOX_PARTS: Final = frozenset(
    {"checkBox", "enabled", "size", "sizeAuto", "default", "checked"}
)


@dataclass(slots=True)
class _Field:
    """A field whose end has not been met."""

    begin: etree._Element
    separate: etree._Element | None = None
    code: list[str] = field(default_factory=list)
    in_code: list[etree._Element] = field(default_factory=list)


@dataclass(slots=True)
class Freezing:
    """The fields of one story (a body, a text box) while they are frozen."""

    tally: Tally
    place: str
    seen: set[str]
    _open: list[_Field] = field(default_factory=list)

    def run(self, story: etree._Element) -> None:
        """Freeze the fields of a story and of every text box in it.

        Raises:
            UnsupportedError: What a field shows cannot be told from its code.
        """
        boxes = [story, *story.iter(f"{W}txbxContent")]
        for box in boxes:
            for element in list(_of_runs(box)):
                self._meet(element)
            while self._open:
                self._freeze(self._open.pop(), None)
        for simple in list(story.iter(f"{W}fldSimple")):
            self._simple(simple)

    def _meet(self, element: etree._Element) -> None:
        kind = element.get(f"{W}fldCharType") if local(element) == "fldChar" else None
        if kind == "begin":
            self._note(element)
            self._open.append(_Field(element))
        elif kind == "separate" and self._open and self._open[-1].separate is None:
            self._open[-1].separate = element
            self._note(element, self._open[:-1])
        elif kind == "end" and self._open:
            self._end(self._open.pop(), element)
        else:
            if local(element) == "instrText" and self._open:
                self._open[-1].code.append(element.text or "")
            self._note(element)

    def _note(
        self, element: etree._Element, fields: list[_Field] | None = None
    ) -> None:
        """Remember that an element stands in the code of the open fields."""
        for one in self._open if fields is None else fields:
            if one.separate is None:
                one.in_code.append(element)

    def _end(self, own: _Field, end: etree._Element) -> None:
        code = " ".join("".join(own.code).split())
        name = code.split()[0].upper() if code else ""
        self._note(end)
        if name in _UNSEPARABLE:
            raise UnsupportedError(
                "文档里有下拉窗体域或宏按钮，看得见的文字藏在域代码里，不能可靠清除；"
                "请把它改成普通文字后再试。"
            )
        if name in _DRAWN and (own.separate is None or name == "EQ"):
            self.seen.add(code)
            return
        if _ALIVE.fullmatch(code):
            _plain_box(own.begin)
            return
        self._freeze(own, end)

    def _freeze(self, own: _Field, end: etree._Element | None) -> None:
        for element in (own.begin, *own.in_code, own.separate, end):
            if element is not None:
                drop(element)
        self.tally.add(_CODE, self.place)

    def _simple(self, simple: etree._Element) -> None:
        code = " ".join((simple.get(f"{W}instr") or "").split())
        if _ALIVE.fullmatch(code):
            for data in simple.findall(f"{W}fldData"):
                drop(data)
            return
        unwrap(simple)
        self.tally.add(_CODE, self.place)


def _of_runs(story: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands in the runs of a story, its text boxes left out."""
    stack = list(reversed(story))
    while stack:
        element = stack.pop()
        parent = element.getparent()
        if local(element) == "txbxContent":
            continue
        if parent is not None and parent.tag == f"{W}r" and local(element) != "rPr":
            yield element
        stack.extend(reversed(element))


def _plain_box(begin: etree._Element) -> None:
    """Leave a check box its box; its name, help and macros go."""
    for data in list(begin):
        if local(data) != "ffData":
            drop(data)
            continue
        for part in list(data):
            if local(part) not in _BOX_PARTS:
                drop(part)
