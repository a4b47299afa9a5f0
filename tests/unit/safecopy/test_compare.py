"""The last look at a copy: nothing hidden in it, nothing seen lost, the same pages."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from review.errors import UnsupportedError
from review.extract.interface import Block, Document, Gap
from review.extract.pdf.items import Box
from review.safecopy.compare import check, has_pictures
from review.safecopy.interface import Cleaned, Tally, Trace
from review.safecopy.links import is_public
from review.safecopy.pdf.pixels import forbid_other_pixels
from review.spans import Location


def document(*blocks: Block | str, form: str = "docx", gaps: tuple[Gap, ...] = ()):
    made = tuple(Block(one) if isinstance(one, str) else one for one in blocks)
    return Document("x", form, "0" * 64, 1, made, gaps)


def hidden(text: str, **where: object) -> Block:
    return Block(text, Location("comment", **where), hidden=True)  # type: ignore[arg-type]  # named places


def cleaned(**more: object) -> Cleaned:
    return Cleaned(data=b"", format="docx", removed=(), **more)  # type: ignore[arg-type]  # its own fields


def test_the_same_visible_text_passes_and_is_counted() -> None:
    before = document("甲 乙", hidden("丙"), "丁")
    assert check(before, document("甲乙", "丁"), cleaned()) == 3
    assert check(before, document("甲乙丁"), cleaned()) == 3


@pytest.mark.parametrize("after", ["甲", "甲乙丙", "乙甲"])
def test_text_that_is_lost_gained_or_moved_is_refused(after: str) -> None:
    with pytest.raises(UnsupportedError, match="看得见的文字"):
        check(document("甲乙"), document(after), cleaned())


def test_words_that_a_removed_cover_would_show_are_told_as_such() -> None:
    before = document("甲乙", hidden("丙"), form="pdf")
    with pytest.raises(UnsupportedError, match=r"会露出原来看不见的文字（1 字）"):
        check(before, document("甲乙丙", form="pdf"), cleaned())


def test_the_order_may_differ_where_fields_were_drawn_on_pages() -> None:
    before, after = document("甲乙", form="pdf"), document("乙甲", form="pdf")
    assert check(before, after, cleaned()) == 2
    with pytest.raises(UnsupportedError):
        check(before, document("乙", form="pdf"), cleaned())


def test_anything_hidden_that_is_left_is_refused_without_its_words() -> None:
    with pytest.raises(UnsupportedError, match="批注 2 处") as caught:
        check(document("甲"), document("甲", hidden("丙"), hidden("丙")), cleaned())
    assert "丙" not in caught.value.message


def test_what_may_stay_is_known_word_for_word() -> None:
    after = document("甲", hidden("https://a.cn/x\nhttps://b.cn"))
    check(
        document("甲"),
        after,
        cleaned(seen=frozenset(["https://a.cn/x", "https://b.cn"])),
    )
    with pytest.raises(UnsupportedError):
        check(document("甲"), after, cleaned(seen=frozenset(["https://a.cn/x"])))


def test_a_file_inside_the_copy_is_refused_even_where_it_is_open_to_see() -> None:
    inside = Block("乙", Location("attachment", path="a.txt"))
    with pytest.raises(UnsupportedError, match="内嵌文件"):
        check(document("甲", inside), document("甲", inside), cleaned())


def test_what_was_never_shown_may_go() -> None:
    before, after = document("甲", "旧页眉"), document("甲")
    assert check(before, after, cleaned(unseen=("旧页眉",))) == 1
    with pytest.raises(UnsupportedError):
        check(before, after, cleaned(unseen=("别的",)))


def test_scanned_pages_are_compared_by_their_look_alone() -> None:
    before = document(Block("识别", Location(page=1)), Block("乙", Location(page=2)))
    after = document(Block("乙", Location(page=2)))
    assert check(before, after, cleaned(scanned=frozenset([1]))) == 1


def test_what_nobody_could_read_is_refused_and_pictures_are_told() -> None:
    macro = Gap(Location(), "macro", "文件含有宏。")
    with pytest.raises(UnsupportedError, match="宏"):
        check(document("甲"), document("甲", gaps=(macro,)), cleaned())
    picture = Gap(Location(), "image_without_text", "有图片。")
    after = document("甲", gaps=(picture,))
    assert check(document("甲"), after, cleaned()) == 1
    assert has_pictures(after)
    assert not has_pictures(document("甲"))


def test_counts_are_kept_by_kind_and_place() -> None:
    tally = Tally()
    tally.add("批注", "正文")
    tally.add("批注", "页眉", 0)
    tally.add("批注", "正文", 2)
    tally.add("", "正文")
    assert tally.traces() == (Trace("批注", "正文", 3),)


def page(text: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 100))
    canvas.drawString(20, 50, text)
    canvas.save()
    return out.getvalue()


def test_pages_that_look_different_are_refused() -> None:
    forbid_other_pixels(page("one"), page("one"), {})
    with pytest.raises(UnsupportedError, match="第 1 页"):
        forbid_other_pixels(page("one"), page("two"), {})
    forbid_other_pixels(page("one"), page("two"), {1: [Box(15, 40, 80, 70)]})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://www.example.edu.cn/a?b=1", True),
        ("mailto:office@example.edu.cn", True),
        ("http://192.168.1.4/x", False),
        ("http://oa/x", False),
        ("http://oa.local/x", False),
        ("http://127.0.0.1/", False),
        ("https://user:word@example.edu.cn/", False),
        ("file:///C:/x", False),
        ("\\\\server\\x", False),
        ("javascript:alert(1)", False),
        ("http://[broken", False),
    ],
)
def test_only_addresses_of_public_pages_are_public(
    address: str, *, public: bool
) -> None:
    assert is_public(address) is public
