"""Web pages saved as one file (mht, mhtml): the page, its frames, pictures and styles."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap, Picture
from review.extract.limits import Limits
from review.extract.mail.eml_parts import Part, part_of, pieces_of
from review.extract.ooxml.ooxml import note
from review.extract.picture_size import is_tiny
from review.extract.sniff import is_image
from review.extract.web.html import read_html
from review.spans import Location

_HEAD: Final = 65_536
_DEEPEST: Final = 8
# What only a mail that was sent has.
_MAIL: Final = frozenset(
    ["to", "cc", "received", "return-path", "delivered-to", "message-id"]
)
_SAVED: Final = {
    "snapshot-content-location": "保存自",
    "content-location": "保存自",
    "subject": "标题",
    "from": "保存者",
    "date": "保存日期",
}
_STYLES: Final = "text/css"
_PAGE: Final = ("text/html", "application/xhtml+xml")
_MULTIPART: Final = "multipart/"
# What programs put before the parts for readers that know none.
_USUAL: Final = ("Web Archive", "MIME")


class Mhtml:
    """Saved web pages; unlike mails they were sent to nobody."""

    format = "mhtml"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the contents are a page and its parts, sent to nobody."""
        head = part_of(_bare(data[:_HEAD]))
        names = {name.lower() for name, _ in head.headers}
        if not head.kind.startswith(_MULTIPART) or names & _MAIL:
            return False
        if "snapshot-content-location" in names or b"<Saved by" in head.raw("from"):
            return True
        inside = pieces_of(head)
        if inside is None:
            return False
        return any(
            part.kind in _PAGE and part.raw("content-location") for part in inside[0]
        )

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read the page with its styles; what else it holds is handed on.

        Raises:
            CorruptError: There is no page in it.
        """
        whole = part_of(_bare(data))
        found = _Found(limits)
        found.sort(whole, 0)
        if found.page is None:
            raise CorruptError("网页存档里没有网页，可能已损坏，请重新保存后再提交。")
        return found.read(found.page, whole)


@dataclass(slots=True)
class _Found:
    """The parts of one file, by what they are."""

    limits: Limits
    page: Part | None = None
    sheets: list[str] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    outside: list[Block] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    _count: int = 0

    def sort(self, part: Part, depth: int) -> None:
        """Take a part, or the parts inside of it."""
        self._count += 1
        if self._count > self.limits.members or depth > _DEEPEST:
            self._miss("网页存档里的部分过多或嵌套过深，只读了一部分。")
            return
        inside = pieces_of(part) if part.kind.startswith(_MULTIPART) else None
        if inside is not None:
            for one in inside[0]:
                self.sort(one, depth + 1)
            self._stray(inside[1])
        elif part.kind in _PAGE and self.page is None:
            self.page = part
        elif part.kind == _STYLES:
            self.sheets.append(part.text)
        elif data := part.contents:
            self._other(part, data)

    def read(self, page: Part, whole: Part) -> Extraction:
        """Return the page with everything beside it."""
        sheets = "\n".join(self.sheets)
        charset = page.settings.get("charset")
        try:
            read = read_html(
                page.contents,
                self.limits,
                charset=charset,
                sheets=sheets,
                present=frozenset(self.present),
            )
        except UnreadableError:
            if not self.embedded and not self.pictures:
                raise
            self._miss("网页存档里的主页面未能读取。")
            read = Extraction(())
        return Extraction(
            (*read.blocks, *self.outside, *_saved(whole)),
            (*read.gaps, *self.gaps),
            (*read.embedded, *self.embedded),
            (*read.pictures, *self.pictures),
        )

    def _other(self, part: Part, data: bytes) -> None:
        place = unquote(part.header("content-location"))
        if is_image(data):
            self.present |= {place, place.rpartition("/")[2], _content_id(part)}
            if not is_tiny(data):
                self.pictures.append(Picture(data))
            return
        name = next(iter(part.names), "") or place.rstrip("/").rpartition("/")[2]
        name = name.partition("?")[0] or "网页部件"
        if part.kind in _PAGE and not name.lower().endswith((".htm", ".html")):
            name = f"{name}.html"
        self.embedded.append(Embedded(name, data))

    def _stray(self, text: bytes) -> None:
        """Keep what stands between the parts, where no browser looks."""
        plain = " ".join(text.decode("utf-8", "replace").split())
        if plain and not any(word in plain for word in _USUAL):
            where = Location(part="hidden")
            self.outside.append(note(plain, where, "网页存档各部分之外的文字"))

    def _miss(self, message: str) -> None:
        self.gaps.append(Gap(Location(), "unreadable_part", message))


def _saved(whole: Part) -> Iterator[Block]:
    """Yield what the saving program wrote about the page."""
    where = Location(part="metadata")
    seen: set[str] = set()
    for name, label in _SAVED.items():
        text = " ".join(unquote(whole.header(name)).split())
        if text and text not in seen:
            seen.add(text)
            yield note(f"{label}：{text}", where, "文件属性")


def _content_id(part: Part) -> str:
    return f"cid:{part.header('content-id').strip('<> ')}"


def _bare(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
