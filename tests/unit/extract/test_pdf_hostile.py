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


_WORDS = b"BT /F 9 Tf 20 200 Td (deep) Tj ET"
_MANY = "第 1 页把图形单元层层套用，展开后过多，未予读取。"


def _form(pdf: pikepdf.Pdf, content: bytes, **inner: pikepdf.Object) -> pikepdf.Stream:
    made = pdf.make_stream(content)
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, [0, 0, 300, 300]
    things = Dictionary({f"/{name}": one for name, one in inner.items()})
    made.Resources = Dictionary(Font=Dictionary(F=_FONT), XObject=things)
    return made


def _tower(pdf: pikepdf.Pdf, depth: int, width: int) -> pikepdf.Stream:
    """Return a form in a form, each painted several times."""
    made = _form(pdf, _WORDS)
    for _ in range(depth):
        made = _form(pdf, b"/X Do " * width, X=made)
    return made


def _painting(pdf: pikepdf.Pdf, form: pikepdf.Stream, content: bytes) -> Extraction:
    page = _page(pdf, b"BT /F 9 Tf 20 100 Td (seen) Tj ET " + content)
    page.Resources.XObject = Dictionary(X=form)
    return Pdf().extract(_saved(pdf), Limits())


def _said(extraction: Extraction) -> tuple[set[str], list[str]]:
    texts = {block.text for block in extraction.blocks}
    return texts & {"seen", "deep"}, [gap.message for gap in extraction.gaps]


def test_forms_in_forms_are_read() -> None:
    pdf = pikepdf.new()
    assert _said(_painting(pdf, _tower(pdf, 4, 3), b"/X Do")) == ({"seen", "deep"}, [])
    pdf = pikepdf.new()
    often = b"/X Do " * 1_000
    assert _said(_painting(pdf, _tower(pdf, 1, 1), often)) == ({"seen", "deep"}, [])


@pytest.mark.parametrize(
    "content",
    [b"/X Do", b"/#58 Do", b"/X%x\n\tDo", b"/Nothing Do /X Do q Q"],
    ids=["plain", "escaped", "with a remark", "among others"],
)
def test_forms_painted_too_often_are_a_gap(content: bytes) -> None:
    pdf = pikepdf.new()
    assert _said(_painting(pdf, _tower(pdf, 9, 10), content)) == (set(), [_MANY])
    pdf = pikepdf.new()
    heavy = _form(pdf, b"0 0 m 9 9 l S " * 40_000)
    assert _said(_painting(pdf, heavy, content * 50)) == (set(), [_MANY])


def test_other_pages_than_the_one_that_paints_too_much_are_read() -> None:
    pdf = pikepdf.new()
    tower = _tower(pdf, 9, 10)
    _page(pdf, b"/X Do").Resources.XObject = Dictionary(X=tower)
    _page(pdf, _WORDS)
    assert _said(Pdf().extract(_saved(pdf), Limits())) == ({"deep"}, [_MANY])


def test_forms_that_paint_one_another_are_a_gap() -> None:
    pdf = pikepdf.new()
    names = [f"X{number}" for number in range(12)]
    content = b" ".join(b"/%s Do" % one.encode() for one in names)
    forms = [pdf.make_indirect(_form(pdf, content)) for _ in names]
    things = Dictionary(
        {f"/{name}": one for name, one in zip(names, forms, strict=True)}
    )
    for one in forms:
        one.Resources.XObject = things
    assert _said(_painting(pdf, forms[0], b"/X Do")) == (set(), [_MANY])


def test_a_form_that_paints_itself_is_read() -> None:
    pdf = pikepdf.new()
    form = pdf.make_indirect(_form(pdf, _WORDS + b" /X Do"))
    form.Resources.XObject = Dictionary(X=form)
    words, gaps = _said(_painting(pdf, form, b"/X Do"))
    assert words == {"seen", "deep"}
    assert _MANY not in gaps


def test_the_looks_of_an_annotation_count_too() -> None:
    pdf = pikepdf.new()
    page = _page(pdf, b"BT /F 9 Tf 20 100 Td (seen) Tj ET")
    looks = Dictionary(On=_tower(pdf, 9, 10), Off=_form(pdf, _WORDS))
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=[5, 5, 25, 25],
        AS=Name.On, AP=Dictionary(N=looks),
    )  # fmt: skip
    page.Annots = Array([pdf.make_indirect(note)])
    assert _said(Pdf().extract(_saved(pdf), Limits())) == (set(), [_MANY])


def test_patterns_and_what_a_form_finds_around_it_count_too() -> None:
    pdf = pikepdf.new()
    bare = pdf.make_stream(b"/X Do " * 100)
    bare.Type, bare.Subtype, bare.BBox = Name.XObject, Name.Form, [0, 0, 300, 300]
    pattern = _form(pdf, b"/X Do " * 100, X=_tower(pdf, 2, 10))
    pattern.PatternType = 1
    page = _page(pdf, b"/Pattern cs /P scn 0 0 9 9 re f /B Do")
    pdf.Root.Pages.Resources = Dictionary(
        XObject=Dictionary(B=bare, X=_tower(pdf, 1, 100)),
        Pattern=Dictionary(P=pattern),
    )
    del page.obj["/Resources"]
    assert _said(Pdf().extract(_saved(pdf), Limits())) == (set(), [_MANY])


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
