"""What a PDF holds beside the pages of its last version, each thing told once."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import pypdfium2 as pdfium

from review.errors import CorruptError, EncryptedError
from review.extract.interface import Block, Embedded, Gap
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import note
from review.extract.pdf.doubt import mended
from review.extract.pdf.forms import Forms
from review.extract.pdf.harvest import Beside
from review.extract.pdf.inside import beside_of, layers_in
from review.extract.pdf.lines import Group, group
from review.extract.pdf.objects import Objects
from review.extract.pdf.objects import opened as opened_objects
from review.extract.pdf.open import opened
from review.extract.pdf.orphans import MOST_ORPHANS, orphans_of
from review.extract.pdf.sheet import squeezed
from review.extract.pdf.spare import spare_in
from review.extract.pdf.text import lines_of, text_of
from review.extract.pdf.versions import MOST_VERSIONS, leaves_some_out, other_versions
from review.extract.pdf.xmp import packets_of
from review.spans import Location

_OLD_VERSION: Final = "文件里保留的旧版本内容"
_ORPHAN: Final = "文件里没有列入页面的页"
_TAIL: Final = "文件末尾附加的数据"
_HEAD: Final = "文件开头附加的数据"
_MIN_STRAY: Final = 64
# Painted on one page: as many things as are looked at one by one (`items`).
_MOST_FORMS: Final = 20_000


@contextmanager
def carried(data: bytes) -> Iterator["Carried"]:
    """Open what a file carries; one that pikepdf cannot open carries a gap."""
    pdf = opened_objects(data)
    objects = None if pdf is None else Objects(pdf)
    forms = None if objects is None else Forms(objects, _MOST_FORMS)
    try:
        yield Carried(data, objects, forms)
    finally:
        if pdf is not None:
            pdf.close()


@dataclass(frozen=True, slots=True)
class Carried:
    """The objects of an open file, or none where it is too damaged."""

    data: bytes
    objects: Objects | None
    forms: Forms | None

    @property
    def layers(self) -> bool:
        """Tell whether the file has layers, which may be off."""
        return self.objects is None or layers_in(self.objects.pdf)

    def draws_more(self, index: int, most: int) -> bool:
        """Tell whether a page's content unpacks to more than so many bytes."""
        return self.objects is not None and self.objects.draws_more(index, most)

    def paints_more(self, index: int) -> bool:
        """Tell whether a page paints forms more often than anybody draws them."""
        return self.forms is not None and self.forms.paints_more(index)

    def beside(self, limits: Limits) -> Beside:
        """Return what the objects say beside the pages, and the properties."""
        if self.objects is None:
            message = "PDF 的内部结构已损坏，批注、附件、表单等附加信息未能读取。"
            found = Beside(gaps=(Gap(Location(), "unreadable_part", message),))
        else:
            found = beside_of(self.objects, limits)
        said = {block.text.partition("：")[2] for block in found.blocks}
        where = Location(part="metadata")
        packets = (
            note(f"{label}：{text}", where, "文件属性")
            for label, text in packets_of(self.data)
            if text not in said
        )
        more = dict.fromkeys(packets)
        return replace(found, blocks=(*found.blocks, *more))

    def spare(self, painted: Container[str]) -> tuple[tuple[bytes, ...], int]:
        """Return the JPEG files that no page paints, and how many others there are."""
        return ((), 0) if self.objects is None else spare_in(self.objects.pdf, painted)

    def orphans(self) -> tuple[bytes | None, bool]:
        """Return a file of the pages that no page list names, and whether there are more."""
        return (None, False) if self.objects is None else orphans_of(self.objects)


class Known:
    """What has been said, so that nothing is told twice."""

    def __init__(self, pages: set[str], blocks: Iterable[Block]) -> None:
        """Keep the squeezed texts of the pages, and the blocks."""
        self._pages = pages
        self._texts = {squeezed((block.text,)) for block in blocks}
        self._whole = "\n".join([*pages, *self._texts])

    def news(self, blocks: Sequence[Block]) -> list[Block]:
        """Return the blocks that say what was not said, each once."""
        return [one for one in blocks if self._is_new(one.text)]

    def orphans(self, data: bytes | None, limits: Limits) -> list[Block]:
        """Return what the pages say that no page list names."""
        return [] if data is None else self._pages_of(data, limits, _ORPHAN)

    def versions(self, data: bytes, limits: Limits) -> list[Block]:
        """Return what earlier versions say that the last one lacks."""
        found: list[Block] = []
        for version in other_versions(data):
            found.extend(self._pages_of(version, limits, _OLD_VERSION))
            pdf = opened_objects(version)
            if pdf is None:
                continue
            with pdf:
                beside = beside_of(Objects(pdf), limits)
            for one in self.news((*beside.blocks, *beside.replaced)):
                detail = f"旧版本：{one.detail}"
                found.append(replace(one, hidden=True, detail=detail))
        return found

    def _is_new(self, text: str) -> bool:
        plain = squeezed((text,))
        if not plain or plain in self._texts or plain in self._whole:
            return False
        self._texts.add(plain)
        return True

    def _pages_of(self, data: bytes, limits: Limits, detail: str) -> list[Block]:
        found = []
        for text, page in _plain_lines(data, limits, self._pages):
            if self._is_new(text):
                where = Location(part="layer", page=page)
                found.append(Block(text, where, hidden=True, detail=detail))
        return found


def by_page(blocks: Iterable[Block]) -> dict[int | None, str]:
    """Return what blocks say, squeezed, by the page they stand on."""
    found: dict[int | None, list[str]] = defaultdict(list)
    for block in blocks:
        if block.where.part == "annotation":
            found[block.where.page].append(block.text)
    return {page: squeezed(texts) for page, texts in found.items()}


def left_out(data: bytes, *, orphans: bool) -> Iterator[Gap]:
    """Say what beside the last version's pages was not read; `orphans` of them."""
    where = Location(part="layer")
    if orphans:
        message = f"没有列入页面的页过多，只检查了前 {MOST_ORPHANS} 页，请人工查看。"
        yield Gap(where, "too_large", message)
    if leaves_some_out(data):
        message = f"保留的旧版本过多，只检查了前 {MOST_VERSIONS} 个，请人工查看。"
        yield Gap(where, "too_large", message)


def strays(data: bytes) -> tuple[Embedded, ...]:
    """Return what stands before the beginning and behind the end of a file."""
    head = data[: max(data.find(b"%PDF-"), 0)]
    end = data.rfind(b"%%EOF")
    tail = data[end + 5 :] if end >= 0 else b""
    return tuple(
        Embedded(name, part.strip(b"\r\n"))
        for name, part in ((_HEAD, head), (_TAIL, tail))
        if len(part.strip(b"\r\n\t \x00")) >= _MIN_STRAY
    )


def _plain_lines(
    data: bytes, limits: Limits, known: set[str]
) -> Iterator[tuple[str, int]]:
    """Yield the paragraphs of another file; none where it does not open."""
    try:
        with opened(data) as document:
            for index in range(min(len(document), limits.pages)):
                for each in _groups(document, index, known):
                    yield mended(each.text) or each.text, index + 1
    except (pdfium.PdfiumError, CorruptError, EncryptedError):
        return


def _groups(
    document: pdfium.PdfDocument, index: int, known: set[str]
) -> tuple[Group, ...]:
    """Return the paragraphs of a page, none of one that says what another said."""
    page = document[index]
    textpage = page.get_textpage()
    text = text_of(textpage.raw)
    if squeezed((text.text,)) in known:
        return ()
    lines, _ = lines_of(textpage.raw, text, {})
    textpage.close()
    page.close()
    return group(lines)
