"""PDF files made to break readers give blocks, gaps or a clear error, and end soon."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from review.errors import UnreadableError
from review.extract.interface import Document, Extraction
from review.extract.limits import Limits
from review.extract.pdf.pdf import Pdf
from review.extract.read import read
from tests.unit.extract.pdf_mutations import mutants

_SEED = 20260707
_MUTATIONS = 200
_FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    return buffer.getvalue()


def _page(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Page:
    page = pdf.add_blank_page(page_size=(300, 300))
    page.Resources = Dictionary(Font=Dictionary(F=_FONT))
    page.Contents = pdf.make_stream(content)
    return page


def _add_picture(pdf: pikepdf.Pdf) -> None:
    image = pdf.make_stream(bytes(48 * 48))
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width = image.Height = 48
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
    other = _page(pdf, b"q 200 0 0 200 20 20 cm /I Do Q BT /F 9 Tf (x) Tj ET")
    other.Resources.XObject = Dictionary(I=image)


def _plain() -> bytes:
    """Return a file with words, a table, a hidden line, notes, a form and a file."""
    pdf = pikepdf.new()
    lines = b"".join(
        b"20 %d m 220 %d l S %d 180 m %d 260 l S\n" % (180 + n * 20, 180 + n * 20, x, x)
        for n, x in enumerate((20, 70, 120, 170, 220))
    )
    words = b"".join(
        b"BT /F 9 Tf %d %d Td (w%d%d) Tj ET\n" % (25 + x * 50, 185 + y * 20, x, y)
        for x in range(4)
        for y in range(4)
    )
    hidden = b"BT 3 Tr /F 9 Tf 20 100 Td (unseen) Tj ET 20 90 60 20 re f\n"
    page = _page(pdf, lines + words + hidden)
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=[5, 5, 25, 25],
        Contents=String("a note"),
        T=String("nobody"),
    )
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        Rect=[30, 5, 90, 25],
        T=String("f"),
        V=String("value"),
    )
    page.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(field)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[1]]))
    file = Dictionary(F=String("a.txt"), EF=Dictionary(F=pdf.make_stream(b"inside")))
    pdf.Root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array([String("a"), file]))
    )
    _add_picture(pdf)
    pdf.docinfo["/Author"] = String("nobody")
    return _saved(pdf)


def _ends_well(data: bytes) -> bool:
    """Read, and tell whether it gave a document; another error than ours comes out."""
    try:
        assert isinstance(read(data, "a.pdf"), Document)
    except UnreadableError:
        return False
    return True


@pytest.mark.slow
def test_mutated_files_give_a_document_or_a_clear_error() -> None:
    good = sum(_ends_well(one) for one in mutants(_plain(), _SEED, _MUTATIONS))
    assert 0 < good < _MUTATIONS


def _changed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


def test_a_page_tree_that_is_its_own_child_ends() -> None:
    data = _plain()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.Root.Pages.objgen[0]
        first = pdf.pages[0].obj.objgen[0]
    loop = _changed(data, b"%d 0 R" % first, b"%d 0 R" % number)
    _ends_well(loop)


def test_a_cross_reference_that_leads_to_itself_ends() -> None:
    data = _plain()
    at = data.rindex(b"startxref") + 10
    start = int(data[at:].split()[0])
    _ends_well(_changed(data, b"trailer <<", b"trailer <</Prev %d " % start))


def test_bookmarks_in_a_circle_end() -> None:
    pdf = pikepdf.new()
    _page(pdf, b"BT /F 9 Tf 20 100 Td (words) Tj ET")
    one = pdf.make_indirect(Dictionary(Title=String("first mark")))
    two = pdf.make_indirect(Dictionary(Title=String("second mark"), Next=one))
    one.Next = two
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=one, Last=two))
    one.Parent = two.Parent = root
    pdf.Root.Outlines = root
    texts = {block.text for block in Pdf().extract(_saved(pdf), Limits()).blocks}
    assert {"first mark", "second mark", "words"} <= texts


def _nested(depth: int, width: int) -> Extraction:
    """Read a page with a form in a form, each painted several times."""
    pdf = pikepdf.new()
    page = _page(pdf, b"BT /F 9 Tf 20 100 Td (seen) Tj ET /X Do")
    inner = pdf.make_stream(b"BT /F 9 Tf 20 200 Td (deep) Tj ET")
    for _ in range(depth):
        inner.Type, inner.Subtype = Name.XObject, Name.Form
        inner.BBox = [0, 0, 300, 300]
        inner.Resources = Dictionary(
            Font=Dictionary(F=_FONT), XObject=Dictionary(**inner.get("/Kept", {}))
        )
        outer = pdf.make_stream(b"/X Do " * width)
        outer.Kept = Dictionary({"/X": inner})
        inner = outer
    inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, [0, 0, 300, 300]
    inner.Resources = Dictionary(XObject=inner.Kept)
    page.Resources.XObject = Dictionary(X=inner)
    return Pdf().extract(_saved(pdf), Limits())


def test_forms_in_forms_end() -> None:
    texts = "".join(block.text for block in _nested(4, 3).blocks)
    assert "seen" in texts
    texts = "".join(block.text for block in _nested(12, 3).blocks)
    assert "seen" in texts


@pytest.mark.slow
@pytest.mark.parametrize(
    "box", [[0, 0, 1e9, 1e-3], [0, 0, 1e9, 1e9], [0, 0, 0, 0], [5, 5, -5, 1e15]],
    ids=["flat", "vast", "none", "turned"],
)  # fmt: skip
def test_pages_of_absurd_sizes_end(box: list[float]) -> None:
    pdf = pikepdf.open(io.BytesIO(_plain()))
    for page in pdf.pages:
        page.MediaBox = Array([round(side) for side in box])
    assert _ends_well(_saved(pdf))


def test_deeply_nested_objects_are_a_gap_or_an_error() -> None:
    deep = b"[" * 5000 + b"(x)" + b"]" * 5000
    data = _changed(_plain(), b"/Author (nobody)", b"/Author " + deep)
    _ends_well(data)


def test_properties_without_end_are_a_gap() -> None:
    pdf = pikepdf.new()
    _page(pdf, b"BT /F 9 Tf 20 100 Td (words) Tj ET")
    huge = pdf.make_stream(b"(" + b" " * (12 * 1024 * 1024))
    huge.Type, huge.Subtype = Name.Metadata, Name.XML
    pdf.pages[0].Metadata = huge
    buffer = io.BytesIO()
    pdf.save(buffer)
    extraction = Pdf().extract(buffer.getvalue(), Limits())
    assert "words" in {block.text for block in extraction.blocks}
    assert [gap.code for gap in extraction.gaps] == ["unreadable_part"]
