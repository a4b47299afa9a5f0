"""The shared texts of a workbook: only those that a cell still shows remain."""

from collections import Counter
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import local
from review.safecopy.characters import visible
from review.safecopy.interface import Tally
from review.safecopy.trees import drop

_NOT_SHOWN: Final = frozenset({"rPh", "phoneticPr", "extLst"})


class Strings:
    """The table of shared texts, numbered anew as cells ask for them."""

    def __init__(self, root: etree._Element | None = None) -> None:
        """Keep the table; a workbook may have none."""
        self._root = root
        self._old: list[etree._Element] = (
            [] if root is None else [one for one in root if local(one) == "si"]
        )
        self._new: dict[int, int] = {}
        self._uses: Counter[int] = Counter()

    def number(self, old: str) -> int | None:
        """Return the new number of a text; `None` where there is no such text."""
        index = int(old) if old.strip().isdigit() else -1
        if not 0 <= index < len(self._old):
            return None
        new = self._new.setdefault(index, len(self._new))
        self._uses[new] += 1
        return new

    def release(self, new: str) -> None:
        """Give up one use of a text in the new table; without any it is emptied."""
        number = int(new) if new.isdigit() else -1
        if self._root is None or not 0 <= number < len(self._root):
            return
        self._uses[number] -= 1
        if self._uses[number] <= 0:
            element = self._root[number]
            for part in list(element):
                element.remove(part)
            etree.SubElement(element, str(element.tag).replace("}si", "}t"))

    def finish(self, tally: Tally) -> None:
        """Write the table with only the texts that were asked for."""
        if self._root is None:
            return
        kept = [self._old[index] for index in self._new]
        tally.add("不再显示的单元格文字", "工作簿", len(self._old) - len(kept))
        for element in list(self._root):
            self._root.remove(element)
        for element in kept:
            clean_text(element, tally)
            self._root.append(element)
        self._root.set("count", str(self._uses.total()))
        self._root.set("uniqueCount", str(len(kept)))


def clean_text(element: etree._Element, tally: Tally) -> None:
    """Take phonetic guides and invisible characters out of a text."""
    for part in list(element):
        if local(part) in _NOT_SHOWN:
            drop(part)
            tally.add("拼音等附加内容", "工作簿", local(part) == "rPh")
    for text in element.iter("{*}t"):
        if text.text:
            text.text, gone = visible(text.text)
            tally.add("零宽或控制字符", "工作簿", gone)
