"""Drafts read in a sandbox: the same as here, and what they need is asked for and given."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import (
    BombError,
    CorruptError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
)
from review.extract.interface import Block, Document, Gap, Line
from review.extract.limits import Limits
from review.extract.read import read
from review.extract.watching import watching
from review.sandbox.asking import (
    Ask,
    Recorded,
    Reply,
    document_from_json,
    document_to_json,
    packed_replies,
    unpacked_replies,
)
from review.sandbox.reader import ReadingBounds, SandboxReader, converting_of
from review.sandbox.sandbox import Bounds
from review.spans import Location

_SAMPLES = Path(__file__).parents[3] / "sample_docs"
_MB = 1024 * 1024


def _docx(*paragraphs: str) -> bytes:
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_places = st.builds(
    Location,
    part=st.sampled_from(["body", "table", "hidden"]),
    page=st.none() | st.integers(1, 9),
    path=st.none() | _texts,
    row=st.none() | st.integers(1, 9),
)
_blocks = st.builds(
    Block,
    text=_texts,
    where=_places,
    hidden=st.booleans(),
    role=st.sampled_from(["paragraph", "row"]),
    cells=st.lists(_texts, max_size=3).map(tuple),
    detail=st.none() | _texts,
)
_documents = st.builds(
    Document,
    name=_texts,
    format=_texts,
    sha256=_texts,
    size=st.integers(0, 9),
    blocks=st.lists(_blocks, max_size=3).map(tuple),
    gaps=st.lists(
        st.builds(Gap, where=_places, code=st.just("macro"), message=_texts), max_size=2
    ).map(tuple),
)


@given(_documents)
def test_a_document_comes_through_json_as_it_was(document: Document) -> None:
    assert document_from_json(document_to_json(document)) == document


@given(
    st.dictionaries(
        _texts,
        st.one_of(
            st.builds(Reply, data=st.binary(max_size=20)),
            st.builds(
                Reply,
                lines=st.lists(
                    st.builds(Line, text=_texts, score=st.floats(0, 1)), max_size=3
                ).map(tuple),
            ),
        ),
        max_size=4,
    )
)
def test_replies_come_through_as_they_were(replies: dict[str, Reply]) -> None:
    heads, bodies = packed_replies(replies)
    assert unpacked_replies(heads, bodies) == replies


def test_an_error_is_a_reply_too() -> None:
    heads, bodies = packed_replies({"x": Reply(error=TooLargeError("过大"))})
    error = unpacked_replies(heads, bodies)["x"].error
    assert isinstance(error, TooLargeError)
    assert error.message == "过大"


def test_what_is_not_known_is_asked_for_once() -> None:
    aids = Recorded({})
    assert aids.recognized(b"a") == ()
    assert aids.recognized(b"a") == ()
    with pytest.raises(CorruptError):
        aids.converted(b"b", "docx")
    assert list(aids.asked.values()) == [Ask("lines", b"a"), Ask("docx", b"b")]


def test_what_is_known_is_given() -> None:
    picture, old = Ask("lines", b"a"), Ask("docx", b"b")
    line = Line("机密", 0.9)
    aids = Recorded(
        {picture.name: Reply(lines=(line,)), old.name: Reply(data=b"new")},
    )
    assert aids.recognized(b"a") == (line,)
    assert aids.converted(b"b", "docx") == b"new"
    assert aids.asked == {}


@pytest.mark.parametrize(
    "name",
    sorted(one.name for one in _SAMPLES.iterdir() if one.suffix in {".xlsx", ".txt"}),
)
def test_a_sandbox_reads_what_is_read_here(name: str) -> None:
    data = (_SAMPLES / name).read_bytes()
    assert SandboxReader()(data, name, Limits()) == read(data, name)


def test_a_refusal_comes_out_as_it_was() -> None:
    with pytest.raises(CorruptError, match="空的"):
        SandboxReader()(b"", "空.docx", Limits())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * (64 * _MB))
    with pytest.raises(BombError, match="压缩炸弹"):
        SandboxReader()(packed.getvalue(), "弹.docx", Limits())


def test_a_file_over_the_limit_is_not_even_sent() -> None:
    with pytest.raises(TooLargeError, match="1 MB"):
        SandboxReader()(bytes(_MB + 1), "大.txt", Limits(file_bytes=_MB))


def test_reading_ends_in_time() -> None:
    bounds = ReadingBounds(reading=Bounds(seconds=0.01))
    with pytest.raises(OutOfTimeError):
        SandboxReader(bounds)(_docx("运动会"), "通知.docx", Limits())


def test_reading_ends_within_its_memory() -> None:
    bounds = ReadingBounds(reading=Bounds(memory=40 * _MB))
    with pytest.raises(UnreadableError):
        SandboxReader(bounds)(_docx("运动会" * 1_000_000), "通知.docx", Limits())


def test_whoever_watches_hears_of_the_pages() -> None:
    heard: list[tuple[int, int]] = []
    data = next(_SAMPLES.glob("*.pdf")).read_bytes()
    with watching(lambda page, pages: heard.append((page, pages))):
        SandboxReader()(data, "稿.pdf", Limits())
    assert heard
    assert heard[0][0] == 1


def test_a_small_file_gets_little_time_to_be_converted() -> None:
    bounds = Bounds(seconds=120, memory=7)
    small, middle, large = (
        converting_of(bounds, size) for size in (2_000, 1_000_000, 100 * _MB)
    )
    assert 45 <= small.seconds < 46
    assert small.seconds < middle.seconds < large.seconds == 120
    assert {one.memory for one in (small, middle, large)} == {7}
    assert converting_of(Bounds(seconds=15), 2_000).seconds == 15


def test_old_files_in_a_draft_share_a_time() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(3):
            archive.writestr(f"{at}.rtf", rb"{\rtf1\ansi words %d}" % at)
    bounds = ReadingBounds(converting_seconds=0)
    read = SandboxReader(bounds)(packed.getvalue(), "包.zip", Limits())
    told = [
        one.message for one in read.gaps if "转换旧格式文件的时间已用完" in one.message
    ]
    assert len(told) == 3
    assert "words 1" in "".join(one.text for one in read.blocks)
