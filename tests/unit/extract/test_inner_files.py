"""Files inside files as a whole: each name said once, system files quiet, many gaps counted."""

import io
import zipfile

import pytest

from review.errors import TooLargeError
from review.extract.archives.system import is_system_file, readable_in
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.read import read
from tests.fuzz.hostile_packages import locked_zip
from tests.unit.extract.archives import zipped
from tests.unit.extract.office import word


def _saying(document: Document, text: str) -> list[str | None]:
    return [block.detail for block in document.blocks if text in block.text]


def test_a_member_is_named_once() -> None:
    document = read(zipped({"资料/名单.txt": b"text", "空/": b""}), "a.zip")
    assert _saying(document, "名单.txt") == ["压缩包文件清单"]
    assert _saying(document, "空/") == ["压缩包文件清单"]
    (inner,) = [b for b in document.blocks if b.text == "text"]
    assert inner.where.path == "资料/名单.txt"


def test_members_of_an_archive_in_an_archive_are_named_once() -> None:
    data = zipped({"内.zip": zipped({"名单.txt": b"text"})})
    assert _saying(read(data, "a.zip"), "名单.txt") == ["压缩包文件清单"]


def test_what_no_list_names_is_named_beside_its_text() -> None:
    data = word("", {"word/embeddings/名单.txt": b"a text inside"})
    assert _saying(read(data, "a.docx"), "名单.txt") == ["内嵌文件名"]


_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X\xff\xfe\x00"


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "资料/.DS_Store", "__MACOSX/._名单.docx", "资料/._a.txt"],
)
def test_files_that_a_system_leaves(name: str) -> None:
    assert is_system_file(name, _DOUBLE)


@pytest.mark.parametrize(
    "name",
    [
        *("名单.txt", "DS_Store.txt", "a._b", "资料/._a/b.txt", "__MACOSX/名单.docx"),
        *("Thumbs.db", "资料/thumbs.db", "我的__MACOSX.zip"),
    ],
)
def test_files_that_people_leave_and_thumbnails(name: str) -> None:
    assert not is_system_file(name, _DOUBLE)


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/._名单.docx"])
@pytest.mark.parametrize(
    "data",
    [
        locked_zip(),
        b"%PDF-1.7 damaged",
        bytes(range(256)) * 9,
        _DOUBLE + b"\xff" * 65_536,
    ],
    ids=["locked", "damaged", "unknown", "large"],
)
def test_what_nobody_can_read_is_a_gap_under_any_name(name: str, data: bytes) -> None:
    document = read(zipped({"通知.txt": "正文".encode(), name: data}), "a.zip")
    (gap,) = document.gaps
    assert gap.where.path is not None
    assert gap.where.path.startswith(name)


def _store(*names: str) -> bytes:
    """A file that says in UTF-16 what lies beside it, between other bytes."""
    parts = [b"\x00\x00\x00\x01Bud1\xff\xff\x80\x00"]
    parts += [
        b"\0\0\0\x09" + one.encode("utf-16-be") + b"Ilocblob\xff\xfe" for one in names
    ]
    return b"".join(parts)


def test_a_system_file_is_no_gap_and_its_words_are_read() -> None:
    files = {
        "通知.txt": "正文".encode(),
        ".DS_Store": _store("保密名单.xlsx", "plain"),
        "__MACOSX/._通知.txt": _DOUBLE,
    }
    document = read(zipped(files), "a.zip")
    assert document.gaps == ()
    detail = "系统自动生成的文件，不是稿件的内容"
    found = [b for b in document.blocks if b.detail == detail]
    assert all(block.hidden for block in found)
    assert ["保密名单.xlsx" in b.text for b in found] == [True, False]
    assert found[0].where.path == ".DS_Store"
    assert found[1].text == ".DS_Store、__MACOSX/._通知.txt，共 2 个"


def test_a_text_under_a_system_name_is_read_as_a_text() -> None:
    document = read(zipped({".DS_Store": "藏在这里的一句话".encode()}), "a.zip")
    assert "藏在这里的一句话" in [block.text for block in document.blocks]
    assert document.gaps == ()


def test_words_in_other_encodings_of_a_system_file() -> None:
    for encoding in ("utf-16-le", "utf-16-be", "utf-8"):
        data = (
            b"\x01\xff\xff\x03" + "云山职业学院名单".encode(encoding) + b"\xff\xff\x03"
        )
        assert "云山职业学院名单" in readable_in(data)
    assert readable_in(bytes(range(256)) * 40) == ""


def test_many_gaps_of_one_kind_are_counted() -> None:
    files = {f"{n}.bin": b"MZ\x90\0\xff" + bytes((n, 255)) * 40 for n in range(25)}
    document = read(zipped(files), "a.zip")
    assert [gap.code for gap in document.gaps] == ["unsupported_part"] * 21
    assert document.gaps[-1].message == "另有 5 个内嵌文件未能读取。"


def test_files_that_lie_too_deep_are_counted() -> None:
    many = zipped({f"{n}.txt": b"text" for n in range(30)})
    document = read(zipped({"a.zip": many}), "a.zip", Limits(depth=1))
    assert [gap.code for gap in document.gaps] == ["too_deep"] * 21
    assert document.gaps[-1].message == "另有 10 个内嵌文件嵌套过深，未予读取。"


def test_files_together_have_no_more_text_than_one() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.txt", "字" * 30)
    assert read(out.getvalue(), "a.zip", Limits(characters=300)).blocks
    with pytest.raises(TooLargeError, match="文字过多"):
        read(out.getvalue(), "a.zip", Limits(characters=140))
    with pytest.raises(TooLargeError, match="段落或表格的行过多"):
        read(out.getvalue(), "a.zip", Limits(blocks=4))
