"""Make the canonical contents of an item: its body file and its attachments.

A web page and a Word document are walked as such, text, tables and PDF by the blocks
that extraction sees. Every other format is bound by the bytes of the whole file, and
so is what could not be read: it never counts as equal to anything else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import regex

from review import digests
from review.contents import docx_walk, fold, html_walk
from review.contents.flow import Flow
from review.contents.hidden import Hidden
from review.contents.interface import Attachment, Contents, Piece
from review.contents.pictures import pictures_of
from review.contents.resources import Resources, resources_of
from review.contents.table import write_rows
from review.errors import CorruptError
from review.extract.interface import Block, Document
from review.extract.limits import Limits
from review.extract.plain.encodings import decode
from review.extract.read import format_of, read

# Makes contents of a body's bytes, its name, and its attachments by name and SHA-256.
ContentsReader: TypeAlias = Callable[[bytes, str, Sequence[tuple[str, str]]], Contents]

# Of these it is known what a reader sees; of the others only that they are the same file.
_SEEN: Final = frozenset({"csv", "docx", "html", "pdf", "txt", "xlsx", "xml"})
_PAGE_NAMES: Final = (".html", ".htm", ".xhtml", ".shtml")
# Text that is a page under the name of one, whatever it begins with.
_MARKUP: Final = frozenset({"csv", "eml", "html", "ics", "mhtml", "txt", "vcf", "xml"})
_CHARSET: Final = regex.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
    rb"|^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})",
    regex.I,
)
# Of these gaps something seen may be among what was not read.
_UNREAD: Final = frozenset(
    {"encrypted", "garbled_text", "too_large", "too_deep", "timeout"}
) | {"unreadable_part"}
_BESIDE: Final = frozenset({"header", "footer", "attachment"})
# A sheet may have a note a million rows below; the distance then says nothing.
_LONGEST_PAUSE: Final = 100


def contents_of(
    data: bytes,
    name: str,
    *,
    attachments: Iterable[tuple[str, bytes]] = (),
    limits: Limits = Limits(),
) -> Contents:
    """Return what publishing this body with these attachments would show.

    An attachment is (name, bytes); the rest is as in `contents_with`.

    Raises:
        UnreadableError: The body is empty, encrypted, damaged or of a format
            that nobody here reads.
    """
    attached = [(each, digests.of_bytes(own)) for each, own in attachments]
    return contents_with(data, name, attached=attached, limits=limits)


def contents_here(
    data: bytes, name: str, attached: Sequence[tuple[str, str]]
) -> Contents:
    """Return the same as `contents_with`, in this process and within the usual limits."""
    return contents_with(data, name, attached=attached)


def contents_with(
    data: bytes,
    name: str,
    *,
    attached: Iterable[tuple[str, str]],
    limits: Limits = Limits(),
) -> Contents:
    """Return the same, of attachments only the SHA-256 being at hand.

    Text under the name of a web page is read as one, whatever it begins
    with; otherwise the bytes decide. An attachment (name, digest) that a
    picture of the page names stands in the body by its bytes.

    Raises:
        UnreadableError: The body is empty, encrypted, damaged or of a format
            that nobody here reads.
    """
    attached = tuple(attached)
    whole = Piece("bytes", f"sha256:{digests.of_bytes(data)}")
    hidden = Hidden()
    page = bool(data) and _is_page(format_of(data, limits), name)
    if data and not page and format_of(data, limits) not in _SEEN:
        every = tuple(Attachment(each, digest) for each, digest in attached)
        return Contents((whole,), hidden.all(), every)
    document = read(data, name, limits)
    resources = resources_of(attached)
    if page:
        body = _page(data, resources, hidden)
    elif document.format == "docx":
        body = docx_walk.walk(data, limits, hidden)
    else:
        body = _blocks(document, data, limits)
    _keep_unseen(document, body, hidden)
    unread = any(gap.code in _UNREAD for gap in document.gaps)
    if (unread or not body) and whole not in body:
        body = (*body, whole)
    return Contents(
        body,
        hidden.all(),
        tuple(
            Attachment(each, digest)
            for each, digest in attached
            if each not in resources.shown
        ),
    )


def _is_page(kind: str, name: str) -> bool:
    return kind == "html" or (kind in _MARKUP and name.lower().endswith(_PAGE_NAMES))


def _page(data: bytes, resources: Resources, hidden: Hidden) -> tuple[Piece, ...]:
    found = _CHARSET.search(data[:4096])
    declared = (found[1] or found[2]).decode("ascii", "replace") if found else None
    decoded = decode(data, declared)
    if decoded is None:
        raise CorruptError("网页编码无法识别，请另存为 UTF-8 编码后再提交。")
    return html_walk.walk(decoded.text, resources, hidden)


def _blocks(document: Document, data: bytes, limits: Limits) -> tuple[Piece, ...]:
    """Return the blocks that extraction sees, rows as tables, then the pictures."""
    flow = Flow()
    rows: list[Block] = []
    for block in document.blocks:
        if block.hidden or block.where.part in _BESIDE:
            continue
        if rows and not _same_table(rows[-1], block):
            write_rows(_grid(rows), flow)
            rows = []
        if block.role == "row":
            rows.append(block)
        else:
            flow.gap()
            flow.text(block.text)
            flow.gap()
    write_rows(_grid(rows), flow)
    for picture in pictures_of(document, data, limits):
        flow.add(picture)
    return flow.finish()


def _same_table(last: Block, block: Block) -> bool:
    """Tell whether a block is a further row of the table at hand."""
    before, after = last.where, block.where
    return block.role == "row" and (
        (before.table, before.sheet, before.path)
        == (after.table, after.sheet, after.path)
        and (after.row or 0) > (before.row or 0)
    )


def _grid(rows: list[Block]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row, with empty rows where none was read.

    A text that moves to another row changes what a table says.
    """
    previous = None
    for block in rows:
        number = block.where.row or 0
        if previous is not None:
            yield from [("",)] * min(number - previous - 1, _LONGEST_PAUSE)
        previous = number
        yield block.cells


def _keep_unseen(document: Document, body: tuple[Piece, ...], hidden: Hidden) -> None:
    """Keep every text that extraction found and the body does not show.

    Web pages tell their hidden texts themselves, by the element.
    """
    if _is_page(document.format, document.name):
        return
    seen = [piece for piece in body if piece.kind in {"text", "alt"}]
    # Extraction leaves the numbers of notes and the like out of its texts.
    bare = [piece for piece in seen if not piece.marks]
    shown = "\n".join("".join(one.value for one in each) for each in (seen, bare))
    for block in document.blocks:
        for text in block.cells or (block.text,):
            if block.hidden or fold.plain(text) not in shown:
                hidden.text(text)
                if block.where.part == "metadata":
                    # 作者：… of an office file is a bare value in a web page.
                    hidden.text(text.partition("：")[2])
