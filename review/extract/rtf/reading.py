"""Go through the groups of rich text and put their text where it belongs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from review.extract.flow import Flow, Tables, joined
from review.extract.interface import Block, Embedded, Extraction, Gap
from review.extract.limits import Limits
from review.extract.old.doc_looks import day
from review.extract.ooxml.field_codes import telling
from review.extract.ooxml.media import Media
from review.extract.rtf.group import Group
from review.extract.rtf.objects import object_of, picture_of
from review.extract.rtf.tokens import (
    Token,
    codec_of_charset,
    codec_of_page,
    decoded,
    tokens_in,
)
from review.extract.rtf.words import (
    CLOCK,
    ENDS,
    LABELS,
    LETTERS,
    PLAIN,
    SHAPE_LABELS,
    SIGNS,
    SKIPPED,
    STORIES,
    TIMES,
    WAYS,
)
from review.spans import Location, Part

_DEEPEST: Final = 2_000
_WHITE: Final = (255, 255, 255)
_UNSAID: Final = (-1, -1, -1)
_COLOURS: Final = ("red", "green", "blue")
_TELLING: Final = "[\u4e00-\u9fff]|@|://|[A-Za-z]:\\\\"


@dataclass(slots=True)
class Reading:
    """One file while its groups are gone through."""

    limits: Limits
    flows: list[Flow] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    _groups: list[Group] = field(default_factory=list)
    _now: Group = field(default_factory=Group)
    _tables: Tables = field(default_factory=Tables)
    _raw: bytearray = field(default_factory=bytearray)
    _own: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int = 0
    _colours: list[tuple[int, ...]] = field(default_factory=list)
    _colour: dict[str, int] = field(default_factory=dict)
    _people: list[str] = field(default_factory=list)
    _owed: int = 0
    _commenter: str = ""
    _shape_name: str = ""
    _left: int = 0

    def run(self, data: bytes) -> Extraction:
        """Read all tokens; a file that ends early gives what it holds."""
        self._left = self.limits.characters
        self.flows.append(Flow(tables=self._tables))
        for token in tokens_in(data):
            self._take(token)
            if self._left < 0 or len(self._groups) > _DEEPEST:
                message = "RTF 文件的内容过多或嵌套过深，未全部读取。"
                self.gaps.append(Gap(Location(), "too_large", message))
                break
        if self._groups:
            message = "RTF 文件不完整，后面的内容可能已丢失，请重新保存后再提交。"
            self.gaps.append(Gap(Location(), "unreadable_part", message))
        while self._groups:
            self._close()
        self._flush()
        main = self.flows[0].finish()
        return Extraction(
            tuple(dict.fromkeys((*main, *self.blocks, *self.media.blocks))),
            tuple(dict.fromkeys((*self.gaps, *self.media.gaps()))),
            tuple(self.embedded),
            tuple(self.media.pictures),
            convert="docx",
        )

    def _take(self, token: Token) -> None:
        if token.kind == "text":
            self._text(token.text)
        elif token.kind == "byte":
            self._raw += self._unowed(token.text)
        elif token.kind == "open":
            self._flush()
            self._groups.append(self._now)
            self._now = self._now.inner()
        elif token.kind == "close":
            self._close()
        elif token.kind == "sign":
            self._sign(token.text)
        else:
            self._word(token.text.decode("ascii"), token.number)

    def _text(self, raw: bytes) -> None:
        raw = self._unowed(raw)
        if self._now.way in {"picture", "object"}:
            self._now.kept.append(raw.decode("latin-1"))
        else:
            self._raw += raw

    def _unowed(self, raw: bytes) -> bytes:
        """Return bytes without those that stand in for a letter given by number."""
        cut = min(self._owed, len(raw))
        self._owed -= cut
        return raw[cut:]

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._now.ignorable = True
        elif sign in SIGNS:
            self._flush()
            self._letters(SIGNS[sign])
        elif sign in b"\\{}":
            self._text(sign)

    def _flush(self) -> None:
        """Turn the bytes gathered so far into letters."""
        if self._raw:
            codec = self._now.codec or self._own
            text = decoded(bytes(self._raw), codec, self._own)
            self._raw.clear()
            self._letters(text)

    def _letters(self, text: str) -> None:
        now, flow = self._now, self.flows[-1]
        self._left -= len(text)
        if now.way == "colours":
            self._end_colours(text.count(";"))
        elif now.way not in {"show", "skip"}:
            now.kept.append(text)
        elif now.way == "skip" or now.muted:
            return
        elif now.deleted:
            flow.trace("deletion", self._signed("del"), text)
        elif now.hiding is not None:
            flow.trace("hidden", now.hiding, text)
        else:
            flow.show(text)
            if now.inserted:
                flow.trace("insertion", self._signed(""), text)

    def _signed(self, kind: str) -> str:
        number = self._now.numbers.get(f"revauth{kind}", 0)
        author = self._people[number] if 0 <= number < len(self._people) else ""
        return f"{author} {day(self._now.numbers.get(f'revdttm{kind}', 0))}".strip()

    def _end_colours(self, count: int) -> None:
        for _ in range(count):
            known = tuple(self._colour.get(name, -1) for name in _COLOURS)
            self._colours.append(known)
            self._colour.clear()

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        if word == "u" and number is not None:
            self._now.begun = True
            self._letters(chr(number & 0xFFFF))
            self._owed = self._now.skip
            return
        if not self._now.begun:
            self._now.begun = True
            if self._begins(word):
                return
        if word in LETTERS:
            self._letters(LETTERS[word])
        elif word in ENDS:
            self._end(word)
        elif not self._now.heed(word, number) and word in _ACTS:
            _ACTS[word](self, word, number)

    def _begins(self, word: str) -> bool:
        """Tell whether the word says where the text of its group goes, and heed it."""
        now = self._now
        if word in STORIES and now.way in {"show", "note"}:
            self._story(word)
        elif word in {"sn", "sv"} or (word in LABELS and now.way in {"show", "note"}):
            now.keep("note", word)
        elif word in WAYS and now.way != "skip":
            now.keep(WAYS[word], word)
        elif word in SKIPPED or word in {"upr", "ud"}:
            now.way = "show" if word == "ud" else "skip"
        elif now.ignorable and now.way == "show" and word not in PLAIN:
            now.keep("stranger", word)
        else:
            return False
        return True

    def _story(self, word: str) -> None:
        part = STORIES[word]
        flow = Flow(part, tables=self._tables)
        if part in {"comment", "footnote"}:
            flow.role = "note"
        if part == "comment":
            flow.hidden, flow.detail = True, self._commenter.strip() or "批注"
            self._commenter = ""
        self._now.way, self._now.in_table = "show", False
        self._now.plain(None)
        self._now.flow = flow
        self.flows.append(flow)

    def _close(self) -> None:
        """End a group: what was gathered in it goes where it belongs."""
        self._flush()
        self._owed = 0
        if not self._groups:
            return
        done, self._now = self._now, self._groups.pop()
        if done.flow is not None:
            self.flows.pop()
            self.blocks.extend(done.flow.finish())
        if done.kept is not self._now.kept:
            text = joined("".join(done.kept))
            if done.way in _KEEPERS:
                _KEEPERS[done.way](self, done, text)
        elif done.label == "docvar":
            done.kept.append(" ")

    # What becomes of text that was gathered by itself.

    def _noted(self, group: Group, text: str) -> None:
        if group.label == "sn":
            self._shape_name = text.strip()
        elif group.label == "sv":
            self._shape(text)
        else:
            if group.label in TIMES:
                text = _moment(group.numbers)
            line = " ".join(text.split())
            if line:
                label = LABELS[group.label]
                self._note(f"{label}：{line}", "metadata", "文件属性")

    def _coded(self, _group: Group, text: str) -> None:
        if (code := telling(text)) is not None:
            self.flows[-1].code(code)

    def _listed(self, _group: Group, text: str) -> None:
        self._people[:] = [one.strip() for one in text.split(";")]
        for name in self._people:
            if name and name != "Unknown":
                self._note(f"修订者：{name}", "metadata", "修订者名单")

    def _named(self, _group: Group, text: str) -> None:
        self._commenter = text.strip() or self._commenter

    def _dated(self, _group: Group, text: str) -> None:
        flow = self.flows[-1]
        number = text.strip()
        if flow.part == "comment" and number.isascii() and number.isdigit():
            flow.detail = f"{flow.detail or ''} {day(int(number[:10]))}".strip()

    def _strange(self, group: Group, text: str) -> None:
        """Keep what an unknown destination says, if it says something to people."""
        if re.search(_TELLING, text):
            self._note(text, "hidden", f"附加内容（{group.label}）")

    def _picture(self, group: Group, text: str) -> None:
        data = picture_of(text, group.numbers)
        if data:
            self.media.take(data, "", Location(part="image"))

    def _object(self, _group: Group, text: str) -> None:
        found = object_of(text, f"object{len(self.embedded) + 1}", self.limits)
        self.blocks.extend(found.blocks)
        self.gaps.extend(found.gaps)
        self.embedded.extend(found.embedded)

    def _shape(self, text: str) -> None:
        label = SHAPE_LABELS.get(self._shape_name)
        if label is None or not any(one.isalpha() for one in text):
            return
        if self._shape_name == "gtextUNICODE":
            where = Location(part="textbox")
            self.blocks.append(Block(" ".join(text.split()), where, detail=label))
        else:
            self._note(text, "image", label)

    def _note(self, text: str, part: Part, detail: str) -> None:
        line = " ".join(text.replace("\0", " ").split())
        if line:
            where = Location(part=part)
            self.blocks.append(Block(line, where, True, "note", (), detail))  # noqa: FBT003 - hidden

    def _end(self, word: str) -> None:
        flow = self.flows[-1]
        if self._now.way not in {"show", "skip"}:
            self._now.kept.append("\n")
        elif self._now.way == "show" and not self._now.muted:
            if self._now.in_table and word == "par":
                flow.show(" ")
            else:
                flow.end_table()
                flow.end_paragraph()

    # What control words do that concern the whole file; each takes its number.

    def _page(self, _word: str, number: int | None) -> None:
        self._own = codec_of_page(number or 1252)

    def _use_font(self, _word: str, number: int | None) -> None:
        if self._now.way == "fonts":
            self._font = number or 0
        else:
            self._now.codec = self._fonts.get(number or 0)

    def _charset(self, _word: str, number: int | None) -> None:
        codec = codec_of_charset(number or 0)
        if self._now.way == "fonts" and codec is not None:
            self._fonts[self._font] = codec

    def _colour_part(self, word: str, number: int | None) -> None:
        self._colour[word] = number or 0

    def _colour_of(self, _word: str, number: int | None) -> None:
        number = number or 0
        known = self._colours[number] if 0 <= number < len(self._colours) else _UNSAID
        self._now.white = known == _WHITE

    def _table(self, word: str, _number: int | None) -> None:
        flow = self.flows[-1]
        if self._now.way != "show":
            return
        if word == "cell":
            flow.end_cell()
        elif word == "row":
            flow.end_row()
        else:
            flow.show("\t" if word == "nestcell" else "\n")


_Act: TypeAlias = Callable[[Reading, str, int | None], None]
_ACTS: Final[Mapping[str, _Act]] = {
    "ansicpg": Reading._page,  # noqa: SLF001 - this class's own table
    "f": Reading._use_font,  # noqa: SLF001 - as above
    "fcharset": Reading._charset,  # noqa: SLF001 - as above
    **dict.fromkeys(_COLOURS, Reading._colour_part),  # noqa: SLF001 - as above
    "cf": Reading._colour_of,  # noqa: SLF001 - as above
    **dict.fromkeys(("cell", "row", "nestcell", "nestrow"), Reading._table),  # noqa: SLF001 - as above
}
_Keeper: TypeAlias = Callable[[Reading, Group, str], None]
_KEEPERS: Final[Mapping[str, _Keeper]] = {
    "note": Reading._noted,  # noqa: SLF001 - this class's own table
    "code": Reading._coded,  # noqa: SLF001 - as above
    "people": Reading._listed,  # noqa: SLF001 - as above
    "author": Reading._named,  # noqa: SLF001 - as above
    "date": Reading._dated,  # noqa: SLF001 - as above
    "stranger": Reading._strange,  # noqa: SLF001 - as above
    "picture": Reading._picture,  # noqa: SLF001 - as above
    "object": Reading._object,  # noqa: SLF001 - as above
}


def _moment(numbers: Mapping[str, int]) -> str:
    year, month, day, hour, minute = (numbers.get(name, 0) for name in CLOCK)
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}" if year else ""
