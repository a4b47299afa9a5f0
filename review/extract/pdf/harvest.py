"""What is gathered from the objects of a PDF, each thing once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from review.extract.interface import Block, Embedded, Gap
from review.extract.ooxml.ooxml import note
from review.extract.pdf.objects import Number, Object, Objects, text_of
from review.spans import Location, Part

_MAX_TEXT: Final = 200_000


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the pages; `replaced` says what stands for painted words."""

    blocks: tuple[Block, ...] = ()
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    replaced: tuple[Block, ...] = ()


@dataclass(slots=True)
class Harvest:
    """What one file's objects gave so far; `bytes_left` for the files inside it."""

    objects: Objects
    pages: dict[Number, int]
    bytes_left: int
    blocks: dict[Block, None] = field(default_factory=dict)
    replaced: dict[Block, None] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    files: set[Number] = field(default_factory=set)
    scripts: int = 0
    media: int = 0
    _values: set[str] = field(default_factory=set)
    _unknown: dict[str, Block] = field(default_factory=dict)

    def say(
        self,
        text: str,
        part: Part,
        page: int | None,
        detail: str,
        *,
        hidden: bool = True,
    ) -> None:
        """Keep a text once for each place, if it says anything."""
        if not any(character.isalnum() for character in text):
            return
        where, text = Location(part=part, page=page), text[:_MAX_TEXT]
        block = (
            note(text, where, detail) if hidden else Block(text, where, detail=detail)
        )
        self.blocks.setdefault(block)

    def property(self, label: str, text: str, page: int | None) -> None:
        """Keep a property; the same value often stands under two names."""
        if text not in self._values:
            self._values.add(text)
            self.say(f"{label}：{text}", "metadata", page, "文件属性")

    def labelled(
        self,
        one: Object,
        labels: Mapping[str, str],
        page: int | None,
        *,
        part: Part,
        detail: str,
    ) -> None:
        """Keep the strings under some keys, each with what the key is called."""
        for key, label in labels.items():
            if text := text_of(one.get(key)):
                self.say(f"{label}：{text}", part, page, detail)

    def replacing(self, text: str, page: int | None, label: str) -> None:
        """Keep a text that stands for painted words, and mostly says the same."""
        if any(character.isalnum() for character in text):
            where = Location(part="metadata", page=page)
            self.replaced.setdefault(note(text[:_MAX_TEXT], where, label))

    def unknown(self, key: str, text: str, page: int | None) -> None:
        """Keep a string under a key that nobody here knows."""
        where = Location(part="hidden", page=page)
        text = text[:_MAX_TEXT]
        detail = f"文件内部数据（{key.lstrip('/')}）"
        self._unknown.setdefault(text, note(text, where, detail))

    def done(self) -> Beside:
        """Return what was found, and what was not read."""
        if self.scripts:
            message = (
                f"文件含有 {self.scripts} 段 JavaScript 脚本，"
                "脚本的文字已列出，脚本做什么未经检查。"
            )
            self.gaps.append(Gap(Location(), "macro", message))
        if self.media:
            message = f"文件含有 {self.media} 处声音、影片等多媒体内容，未经检查。"
            self.gaps.append(Gap(Location(), "unsupported_part", message))
        if self.objects.cut:
            message = "PDF 的内部对象过多，只检查了其中一部分批注和附加信息。"
            self.gaps.append(Gap(Location(), "too_large", message))
        if self.objects.broken:
            message = "PDF 有部分内部对象已损坏，其中的批注等附加信息未能读取。"
            self.gaps.append(Gap(Location(), "unreadable_part", message))
        told = {block.text for block in self.blocks}
        rest = (one for text, one in self._unknown.items() if text not in told)
        return Beside(
            (*self.blocks, *rest),
            tuple(self.gaps),
            tuple(self.embedded),
            tuple(self.replaced),
        )
