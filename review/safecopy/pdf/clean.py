"""Clean a PDF: first what hangs beside its pages, then the glyphs that nobody sees."""

import io
import re
from dataclasses import dataclass, field
from typing import Final

import pikepdf

from review.errors import CorruptError, EncryptedError, TooLargeError, UnsupportedError
from review.extract.limits import Limits
from review.extract.pdf.items import Box
from review.safecopy.interface import Cleaned, Tally
from review.safecopy.pdf.catalog import (
    clean_catalog,
    clean_objects,
    clean_page,
    forbid_unpublishable,
    links_of,
    without_remarks,
)
from review.safecopy.pdf.content import PageRewriting
from review.safecopy.pdf.cover import Covers
from review.safecopy.pdf.layers import Layers
from review.safecopy.pdf.pixels import forbid_other_pixels
from review.safecopy.pdf.sight import Unseen, unseen_in

_ROUNDS: Final = 3
_DAMAGED: Final = "PDF 文件已损坏，不能可靠清除；请重新导出后再试。"
# What pikepdf raises on damaged files.
_FAULTS: Final = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    RuntimeError,
)


def clean_pdf(data: bytes, limits: Limits) -> Cleaned:
    """Return the file with only what its pages show.

    Raises:
        UnreadableError: It is damaged, encrypted, or cannot be cleaned for certain.
    """
    with _opened(data) as pdf:
        if len(pdf.pages) > limits.pages:
            raise TooLargeError(f"PDF 超过 {limits.pages} 页，请拆分后再试。")
        cleaning = _Cleaning(pdf)
        cleaning.tally.add("历史版本", "整个文件", _earlier(data))
        try:
            made = cleaning.run()
        except _FAULTS as fault:
            raise CorruptError(_DAMAGED) from fault
    made, tiny = cleaning.without_unseen(made)
    forbid_other_pixels(_bare(data), made, tiny)
    return Cleaned(
        data=made,
        format="pdf",
        removed=cleaning.tally.traces(),
        kept=cleaning.kept.traces(),
        seen=frozenset(cleaning.seen),
        scanned=frozenset(cleaning.scanned),
    )


def _earlier(data: bytes) -> int:
    """Return how many earlier versions saving left in the file."""
    linear = b"/Linearized" in data[:1024]
    return max(0, len(re.findall(rb"startxref\s+\d+", data)) - 1 - linear)


def _opened(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError as fault:
        message = "PDF 文件已用密码加密，请取消密码后再试。"
        raise EncryptedError(message) from fault
    except _FAULTS as fault:
        raise CorruptError(_DAMAGED) from fault


def _bare(data: bytes) -> bytes:
    """Return the original without remarks, to compare what its pages show."""
    with _opened(data) as pdf:
        without_remarks(pdf, Tally())
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    try:
        pdf.save(
            out,
            deterministic_id=True,
            encryption=False,
            preserve_pdfa=False,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    except _FAULTS as fault:
        raise CorruptError(_DAMAGED) from fault
    return out.getvalue()


@dataclass(slots=True)
class _Cleaning:
    """One file while it is cleaned."""

    pdf: pikepdf.Pdf
    tally: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    seen: set[str] = field(default_factory=set)
    scanned: set[int] = field(default_factory=set)

    def run(self) -> bytes:
        """Return the file without all that hangs beside its pages."""
        pdf = self.pdf
        forbid_unpublishable(pdf)
        if pdf.is_encrypted:
            self.tally.add("权限限制", "整个文件")
        self._flatten_forms()
        layers = Layers.of(pdf.Root)
        for number, page in enumerate(pdf.pages, 1):
            self._page(page, number, layers)
        clean_catalog(pdf, self.tally)
        clean_objects(pdf, self.tally)
        return _saved(pdf)

    def _flatten_forms(self) -> None:
        """Draw the form fields on their pages, as they look now."""
        form = self.pdf.Root.get("/AcroForm")
        if not isinstance(form, pikepdf.Dictionary):
            return
        fields = form.get("/Fields")
        count = len(fields) if isinstance(fields, pikepdf.Array) else 0
        if not count:
            return
        self.tally.add("表单项（画到页面上）", "整个文件", count)
        without_remarks(self.pdf, self.tally)
        # Fields that have a look keep it; what a program would draw is no file's look.
        self.pdf.flatten_annotations("screen")

    def _page(self, page: pikepdf.Page, number: int, layers: Layers) -> None:
        place = f"第 {number} 页"
        for address in links_of(page, place, self.tally):
            self.seen.add(address)
            self.kept.add("可见链接的网址", place)
        clean_page(page, place, self.tally)
        covers = Covers()
        PageRewriting(
            pdf=self.pdf,
            page=number,
            frame=_frame(page),
            layers=layers,
            hides=lambda _x, _y: False,
            tally=self.tally,
            covers=covers,
        ).run(page)
        covers.forbid(number)

    def without_unseen(self, data: bytes) -> tuple[bytes, dict[int, tuple[Box, ...]]]:
        """Return the file without glyphs that nobody sees, and where tiny ones stood.

        Raises:
            UnsupportedError: Some of them could not be found in the page's contents.
        """
        tiny: dict[int, tuple[Box, ...]] = {}
        for _ in range(_ROUNDS):
            unseen = unseen_in(data)
            if not unseen:
                return data, tiny
            for number, one in unseen.items():
                tiny[number] = (*tiny.get(number, ()), *one.faint)
            data = self._rewritten(data, unseen)
        left = unseen_in(data)
        if left:
            pages = "、".join(map(str, sorted(left)))
            raise UnsupportedError(
                f"第 {pages} 页有看不见的文字，不能与看得见的文字可靠分开；"
                "请重新生成 PDF 后再试。"
            )
        return data, tiny

    def _rewritten(self, data: bytes, unseen: dict[int, Unseen]) -> bytes:
        with _opened(data) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                if number not in unseen:
                    continue
                self._without(pdf, page, number, unseen[number])
            return _saved(pdf)

    def _without(
        self, pdf: pikepdf.Pdf, page: pikepdf.Page, number: int, unseen: Unseen
    ) -> None:
        covers = Covers()
        rewriting = PageRewriting(
            pdf=pdf,
            page=number,
            frame=_frame(page),
            layers=Layers(),
            hides=unseen.holds,
            tally=self.tally,
            covers=covers,
        )
        rewriting.run(page)
        self.tally.add("看不见的文字（字）", f"第 {number} 页", rewriting.gone)
        # What recognition laid behind a scanned page is read as the page's own text.
        if covers.pictures and rewriting.gone > len(covers.glyphs):
            self.scanned.add(number)


def _frame(page: pikepdf.Page) -> Box:
    left, bottom, right, top = (float(one) for one in page.cropbox)
    return Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
