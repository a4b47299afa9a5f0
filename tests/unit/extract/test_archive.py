"""Archives: every member a document of its own, and nothing hides beside them."""

import bz2
import contextlib
import gzip
import io
import lzma
import os
import random
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import docx
import pytest

from review.errors import (
    BombError,
    CorruptError,
    EncryptedError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.archives.archive import Packed, Rar, SevenZip, Tar, Zip
from review.extract.interface import Block, Document, Extraction, Extractor
from review.extract.limits import Limits
from review.extract.read import read
from tests.unit.extract.archives import (
    encrypted_7z,
    native,
    patched,
    rar4,
    rar5,
    tarred,
    zipped,
)

_FILES = {"资料/名单.txt": "一、机密正文".encode(), "b.txt": b"second"}
_TAIL = "尾巴里的文字".encode()


def _taken(data: bytes, extractor: Extractor | None = None) -> Extraction:
    extractor = extractor or Zip()
    assert extractor.recognizes(data)
    return extractor.extract(data, Limits())


def _members(found: Extraction) -> dict[str, bytes]:
    return {one.name: one.data for one in found.embedded}


def _codes(found: Extraction | Document) -> list[str]:
    return [gap.code for gap in found.gaps]


def _remarks(found: Extraction) -> dict[str, str | None]:
    assert all(
        block.hidden and block.where.part == "metadata" for block in found.blocks
    )
    return {b.text: b.detail for b in found.blocks if b.detail != "压缩包文件清单"}


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("文档里的正文")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_WRITERS: dict[str, tuple[Callable[[Mapping[str, bytes]], bytes], Extractor]] = {
    "zip": (zipped, Zip()),
    "zip stored": (lambda files: zipped(files, zipfile.ZIP_STORED), Zip()),
    "zip bzip2": (lambda files: zipped(files, zipfile.ZIP_BZIP2), Zip()),
    "zip lzma": (lambda files: zipped(files, zipfile.ZIP_LZMA), Zip()),
    "zip of libarchive": (lambda files: native("zip", files), Zip()),
    "7z": (lambda files: native("7zip", files), SevenZip()),
    "rar4": (lambda files: rar4({k.encode(): v for k, v in files.items()}), Rar()),
    "rar5": (rar5, Rar()),
    "tar": (tarred, Tar()),
    "pax": (lambda files: native("pax", files), Tar()),
    "tar.gz": (lambda files: gzip.compress(tarred(files)), Tar()),
    "tar.bz2": (lambda files: bz2.compress(tarred(files)), Tar()),
    "tar.xz": (lambda files: lzma.compress(tarred(files), preset=0), Tar()),
}


@pytest.mark.parametrize("kind", _WRITERS)
def test_each_member_is_a_document_of_its_own(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    files = {**_FILES, "下级/说明.docx": _docx()}
    data = write(files)
    found = _taken(data, extractor)
    assert _members(found) == files
    assert found.gaps == ()
    document = read(data, "资料")
    assert document.format == extractor.format
    places = {block.text: block.where.path for block in document.blocks}
    assert places["一、机密正文"] == "资料/名单.txt"
    assert places["文档里的正文"] == "下级/说明.docx"


@pytest.mark.parametrize("kind", _WRITERS)
def test_the_list_of_names_is_hidden_content(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    (listing,) = _taken(write(_FILES), extractor).blocks
    assert listing.text == "资料/名单.txt\nb.txt"
    assert (listing.hidden, listing.role) == (True, "note")
    assert (listing.where.part, listing.detail) == ("metadata", "压缩包文件清单")


@pytest.mark.parametrize("kind", _WRITERS)
def test_paths_that_lead_outside_are_only_names(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    names = {"../../etc/甲.txt": b"1", "/root/乙.txt": b"2"}
    assert set(_members(_taken(write(names), extractor))) == set(names)


@pytest.mark.parametrize("kind", ["zip", "7z", "rar5", "tar", "tar.xz"])
def test_more_members_than_allowed_are_a_gap(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    data = write({f"{n}.txt": b"x" for n in range(8)})
    if extractor.format == "zip":
        with pytest.raises(TooLargeError):
            extractor.extract(data, Limits(members=5))
        return
    found = extractor.extract(data, Limits(members=5))
    assert (len(found.embedded), _codes(found)) == (5, ["too_large"])


@pytest.mark.parametrize("kind", ["zip", "zip bzip2", "7z", "rar4", "tar", "tar.gz"])
def test_more_bytes_than_allowed_are_a_gap(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    data = write({"a.txt": b"x" * 900, "b.txt": b"y" * 900, "c.txt": b"z"})
    found = extractor.extract(data, Limits(unpacked_bytes=1_000))
    assert (list(_members(found)), _codes(found)) == (["a.txt"], ["too_large"])


@pytest.mark.parametrize("kind", ["zip", "zip bzip2", "7z", "tar.gz", "tar.xz"])
def test_a_bomb_is_refused_while_it_unpacks(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    data = write({"a.txt": bytes(34 * 1024 * 1024)})
    assert len(data) < 100_000
    # what the directory says is never believed
    data = patched(data, b"a.txt", at=16, value=struct.pack("<I", 10))
    with pytest.raises(BombError):
        extractor.extract(data, Limits())


@pytest.mark.parametrize("kind", ["zip", "7z", "rar5", "tar"])
def test_archives_inside_archives_end_at_the_limit(kind: str) -> None:
    write, _ = _WRITERS[kind]
    data = "底层正文".encode()
    for depth in range(5):
        data = write({f"{depth}.bin": data})
    document = read(data, "a")
    assert _codes(document) == ["too_deep"]
    shallow = read(write({"里.zip": zipped(_FILES)}), "a")
    places = {block.text: block.where.path for block in shallow.blocks}
    assert places["一、机密正文"] == "里.zip/资料/名单.txt"


def test_an_archive_with_nothing_to_read_is_a_gap() -> None:
    for files in ({}, {"空目录/": b""}, {"空文件.doc": b""}):
        found = _taken(zipped(files))
        assert _codes(found) == ["unreadable_part"]
        assert [b.text for b in found.blocks] == ["\n".join(files)] * bool(files)


# --- zip ---


def test_names_in_chinese_encodings_without_a_flag() -> None:
    for encoding in ("gbk", "utf-8", "big5"):
        name = "資料/機密名單.txt" if encoding == "big5" else "资料/机密名单.txt"
        raw = name.encode(encoding)
        data = zipped({"x" * len(raw): b"1"}).replace(b"x" * len(raw), raw)
        assert list(_members(_taken(data))) == [name]


def test_names_with_backslashes_and_control_characters() -> None:
    data = zipped({"xxx.txt": b"1"}).replace(b"xxx.txt", b"a\\b\x08txt")
    assert list(_members(_taken(data))) == ["a/b\ufffdtxt"]


def test_the_field_for_unicode_names_counts_if_it_belongs_to_the_name() -> None:
    for crc, shown in ((zlib.crc32(b"a.txt"), "机密.txt"), (1, "a.txt")):
        info = zipfile.ZipInfo("a.txt")
        body = b"\1" + struct.pack("<I", crc) + "机密.txt".encode()
        info.extra = struct.pack("<HH", 0x7075, len(body)) + body
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(info, b"1")
        assert list(_members(_taken(buffer.getvalue()))) == [shown]


def test_an_encrypted_member_is_a_gap_and_an_encrypted_archive_an_error() -> None:
    one = patched(zipped(_FILES), b"b.txt", at=0, value=b"\1")
    found = _taken(one)
    assert (list(_members(found)), _codes(found)) == (["资料/名单.txt"], ["encrypted"])
    assert "“b.txt”已加密" in found.gaps[0].message
    both = patched(one, "资料/名单.txt".encode(), at=0, value=b"\1\x08")
    with pytest.raises(EncryptedError):
        _taken(both)


def test_an_unknown_method_is_a_gap() -> None:
    found = _taken(patched(zipped(_FILES), b"b.txt", at=2, value=b"\x09\0"))
    assert _codes(found) == ["unsupported_part"]
    assert "Deflate64" in found.gaps[0].message


def test_files_of_the_same_name_are_both_read() -> None:
    data = zipped({"a.txt": b"first", "b.txt": b"second"}).replace(b"b.txt", b"a.txt")
    found = _taken(data)
    assert [one.data for one in found.embedded] == [b"first", b"second"]


def test_members_that_overlap_are_a_bomb() -> None:
    data = zipped({"a.txt": b"first", "b.txt": b"other"})
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data = data[: at + 42] + bytes(4) + data[at + 46 :]
    with pytest.raises(BombError):
        _taken(data)


def test_links_are_not_followed() -> None:
    info = zipfile.ZipInfo("链接")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/某处")
    found = _taken(buffer.getvalue())
    assert (found.embedded, _codes(found)) == ((), ["unsupported_part"])
    assert _remarks(found) == {"/etc/某处": "链接“链接”的目标"}


def test_remarks_on_archive_and_members_are_hidden_content() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.comment = "成员注释".encode("gbk")
        archive.writestr(info, b"1")
        archive.comment = "内部\n注释".encode("gbk")
    assert _remarks(_taken(buffer.getvalue())) == {
        "内部\n注释": "压缩包注释",
        "成员注释": "文件“a.txt”的注释",
    }


def test_what_stands_behind_a_zip_is_read() -> None:
    document = read(zipped(_FILES) + _TAIL, "a")
    assert document.format == "zip"
    texts = {block.text: block.where.path for block in document.blocks}
    assert texts[_TAIL.decode()] == "压缩包清单以外的数据"


def test_what_stands_before_a_zip_is_read_or_a_gap() -> None:
    document = read(b"MZ\x90\0program" + zipped(_FILES), "a.exe")
    assert document.format == "sfx"
    assert "一、机密正文" in {block.text for block in document.blocks}
    (gap,) = document.gaps
    assert "可执行程序" in gap.message


def test_members_that_the_directory_forgot_are_read() -> None:
    whole = zipped({"a.txt": "删去的文字".encode(), "b.txt": b"kept"})
    start = whole.index(b"PK\x03\x04", 4)
    area, directory = whole[:start], whole.index(b"PK\x01\x02")
    rest = zipped({"b.txt": b"kept"})
    body = rest[: rest.index(b"PK\x01\x02")]
    entry = bytearray(rest[rest.index(b"PK\x01\x02") :])
    entry[42:46] = struct.pack("<I", len(area))
    end = bytes(entry).index(b"PK\x05\x06")
    entry[end + 16 : end + 20] = struct.pack("<I", len(area) + len(body))
    assert directory
    found = _taken(area + body + bytes(entry))
    assert _members(found) == {
        "b.txt": b"kept",
        "a.txt（压缩包清单里没有）": "删去的文字".encode(),
    }


def test_what_stands_behind_a_members_data_is_read() -> None:
    packed = zlib.compressobj(wbits=-15)
    body = packed.compress(b"seen") + packed.flush() + _TAIL
    data = bytearray(zipped({"a.txt": body}, zipfile.ZIP_STORED))
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.index(mark)
        data[at + method] = 8
        fields = struct.pack("<III", zlib.crc32(b"seen"), len(body), 4)
        data[at + method + 6 : at + method + 18] = fields
    found = _taken(bytes(data))
    assert _members(found) == {"a.txt": b"seen", "a.txt 末尾的多余数据": _TAIL}
    assert found.gaps == ()


def test_a_wrong_checksum_is_a_gap_beside_what_was_read() -> None:
    data = zipped(_FILES, zipfile.ZIP_STORED).replace(b"second", b"sEcond")
    found = _taken(data)
    assert (_members(found)["b.txt"], _codes(found)) == (b"sEcond", ["unreadable_part"])


def test_a_zip_whose_first_member_is_a_pdf_is_a_zip() -> None:
    inner = b"%PDF-1.4\n" + bytes(200)
    for data in (
        zipped({"a.pdf": inner}, zipfile.ZIP_STORED),
        tarred({"a.pdf": inner}),
    ):
        assert read(data, "a").format in {"zip", "tar"}


@pytest.mark.parametrize(
    "names",
    [
        ("[Content_Types].xml", "ppt/x.xml"),
        ("OFD.xml",),
        ("mimetype", "content.xml"),
        ("mimetype", "META-INF/container.xml"),
    ],
)
def test_a_damaged_office_package_is_no_archive(names: tuple[str, ...]) -> None:
    data = zipped(dict.fromkeys(names, b"damaged"))
    assert not Zip().recognizes(data)
    with contextlib.suppress(UnreadableError):
        assert read(data, "a").format not in {"zip", "sfx"}


def test_a_zip_without_its_end_is_an_error() -> None:
    with pytest.raises(CorruptError):
        read(zipped(_FILES)[:-30], "a.zip")


# --- 7z and rar ---


def test_a_7z_with_encrypted_names_is_an_error() -> None:
    with pytest.raises(EncryptedError):
        _taken(encrypted_7z(), SevenZip())


def test_what_stands_behind_a_7z_or_rar_is_read() -> None:
    for data, extractor in (
        (native("7zip", _FILES), SevenZip()),
        (rar4({b"a.txt": b"1"}), Rar()),
        (rar5(_FILES), Rar()),
    ):
        assert _members(_taken(data + _TAIL, extractor))["压缩包后面的数据"] == _TAIL


def test_a_7z_that_is_cut_off_or_a_volume_says_so() -> None:
    with pytest.raises(UnsupportedError, match="分卷"):
        _taken(native("7zip", _FILES)[:-9], SevenZip())
    for volume in (rar4({b"a": b"1"}, main=1), rar5(_FILES, main=1)):
        with pytest.raises(UnsupportedError, match="分卷"):
            _taken(volume, Rar())


def test_damage_inside_a_7z_is_a_gap() -> None:
    data = bytearray(native("7zip", _FILES))
    data[38] ^= 0x55
    assert set(_codes(_taken(bytes(data), SevenZip()))) == {"unreadable_part"}


def test_names_of_an_old_rar_in_gbk() -> None:
    data = rar4({"资料\\名单.txt".encode("gbk"): b"1"})
    assert list(_members(_taken(data, Rar()))) == ["资料/名单.txt"]


def test_encrypted_rars() -> None:
    for data in (
        rar4({b"a": b"1"}, main=0x80),
        rar4({b"a": b"1"}, flags=4),
        rar5(_FILES, sealed=True),
        rar5(_FILES, locked=tuple(_FILES)),
    ):
        with pytest.raises(EncryptedError):
            _taken(data, Rar())
    found = _taken(rar5(_FILES, locked=("b.txt",)), Rar())
    assert (list(_members(found)), _codes(found)) == (["资料/名单.txt"], ["encrypted"])


def test_remarks_of_a_rar() -> None:
    old = rar4({b"a": b"1"}, remark="内部注释".encode("gbk"))
    for data in (old, rar5(_FILES, remark="内部注释")):
        assert _remarks(_taken(data, Rar())) == {"内部注释": "压缩包注释"}
    packed = rar4({b"a": b"1"}, remark=b"??", method=0x33)
    assert _codes(_taken(packed, Rar())) == ["unsupported_part"]


def test_a_rar_with_a_wrong_checksum_or_cut_off_has_a_gap() -> None:
    for data in (rar5(_FILES), rar4({k.encode(): v for k, v in _FILES.items()})):
        broken = data.replace(b"second", b"sEcond")
        assert _codes(_taken(broken, Rar())) == ["unreadable_part"]
        cut = data[: data.index(b"b.txt") - 4]
        found = _taken(cut, Rar())
        assert list(_members(found)) == ["资料/名单.txt"]
        assert set(_codes(found)) == {"unreadable_part"}


# --- tar and single files ---


def test_a_tar_in_gbk_with_its_owner_and_links() -> None:
    data = tarred(_FILES, "gbk", "张示例")
    found = _taken(data, Tar())
    assert list(_members(found)) == list(_FILES)
    assert _remarks(found) == {"张示例": "打包者账号"}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            info = tarfile.TarInfo("链接")
            info.type, info.linkname = kind, "/etc/某处"
            archive.addfile(info)
    found = _taken(buffer.getvalue(), Tar())
    assert _codes(found) == ["unsupported_part"] * 2
    assert _remarks(found) == {"/etc/某处": "链接“链接”的目标"}


def test_what_stands_behind_a_tar_is_read_or_a_gap() -> None:
    found = _taken(tarred(_FILES) + tarred({"c.txt": b"third"}), Tar())
    assert _members(found)["c.txt"] == b"third"
    assert _codes(_taken(tarred(_FILES) + _TAIL, Tar())) == ["unreadable_part"]
    for packed in (gzip.compress, bz2.compress, lzma.compress):
        found = _taken(packed(tarred(_FILES)) + _TAIL, Tar())
        assert _members(found)["压缩包后面的数据"] == _TAIL


def _xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


@pytest.mark.parametrize(
    ("kind", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", _xz)],
)
def test_a_single_packed_file(kind: str, pack: Callable[[bytes], bytes]) -> None:
    extractor = Packed(kind)
    whole = pack("前一半，".encode()) + pack("后一半。".encode())
    document = read(whole, "a")
    assert (document.format, document.gaps) == (kind, ())
    assert document.blocks[-1].text == "前一半，后一半。"
    assert _members(_taken(whole + _TAIL, extractor))["压缩包后面的数据"] == _TAIL
    text = random.Random(1).randbytes(1_000_000)  # noqa: S311 - no secret
    cut = _taken(pack(text)[:-50_000], extractor)
    assert _codes(cut) == ["unreadable_part"]
    assert text.startswith(cut.embedded[0].data)
    with pytest.raises(BombError):
        _taken(pack(bytes(34 * 1024 * 1024)), extractor)
    with pytest.raises(TooLargeError):
        extractor.extract(pack(text), Limits(unpacked_bytes=1_000))
    with pytest.raises(CorruptError):
        extractor.extract(pack(text)[:12], Limits())


def test_name_and_remark_of_a_gzip_file() -> None:
    body = gzip.compress(b"1")
    name, remark = "机密名单.txt".encode("gbk"), "注释".encode("gbk")
    head = body[:3] + b"\x1c" + body[4:10] + b"\2\0xx" + name + b"\0" + remark + b"\0"
    found = _taken(head + body[10:], Packed("gz"))
    assert list(_members(found)) == ["机密名单.txt"]
    assert _remarks(found) == {"注释": "压缩文件的注释"}


# --- the machine and damage ---

_CHILD = """
import sys
from review.extract.archives.archive import SevenZip
from review.extract.limits import Limits
from review.errors import UnreadableError
try:
    found = SevenZip().extract(sys.stdin.buffer.read(), Limits())
    print(ascii([one.name for one in found.embedded]))
except UnreadableError as error:
    print(error.code, ascii(error.message))
"""


def _child(data: bytes, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _CHILD],
        input=data,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
        cwd=os.getcwd(),  # noqa: PTH109 - the checkout
    )
    assert done.stderr == b""
    return done.stdout.decode().strip()


def test_a_machine_without_the_library_says_what_to_install() -> None:
    said = _child(native("7zip", _FILES), LIBARCHIVE="missing.so.0")
    assert said.startswith("unsupported ")
    assert "apt-get install libarchive13" in said


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_chinese_names_on_a_machine_with_any_locale(locale: str) -> None:
    said = _child(native("7zip", _FILES), LC_ALL=locale)
    assert said == ascii(list(_FILES))


def _mutated(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) or 1)
        match chance.randrange(5):
            case 0:
                out[at : at + 1] = chance.randbytes(1)
            case 1:
                del out[at : at + chance.randrange(1, 30)]
            case 2:
                out[at:at] = out[at : at + chance.randrange(1, 90)]
            case 3:
                out[at : at + 4] = chance.choice(
                    (b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f")
                )
            case _:
                out = out[: max(at, 40)]
    return bytes(out)


@pytest.mark.parametrize("kind", _WRITERS)
def test_mutated_archives_give_a_document_or_a_clear_error(kind: str) -> None:
    write, extractor = _WRITERS[kind]
    sample = write({**_FILES, "里.zip": zipped({"a.csv": "甲,乙\n丙,丁\n".encode()})})
    chance = random.Random(11)  # noqa: S311 - repeatable damage, no secret
    for _ in range(200):
        data = _mutated(sample, chance)
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(data, "a"), Document)
        with contextlib.suppress(UnreadableError):
            blocks = extractor.extract(data, Limits()).blocks
            assert all(isinstance(block, Block) for block in blocks)
