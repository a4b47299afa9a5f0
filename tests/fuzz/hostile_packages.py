"""Hostile packages and archives: bombs, entities, strange names, nests, locked and cut ones."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from review.extract.ole.write import packed as compound
from tests.unit.extract.archives import (
    encrypted_7z,
    native,
    patched,
    rar5,
    tarred,
    zipped,
)
from tests.unit.extract.ofd_files import ofd, page, resources
from tests.unit.extract.office import packed, relations, word

MB: Final = 1 << 20
_REST: Final = b"\x03\x00"  # the last, empty block of a deflated stream
_GZIP: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_LAUGHS: Final = (
    '<!DOCTYPE x [<!ENTITY a0 "哈哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
_OUTSIDE: Final = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:"


def monotonous(size_mb: int, letter: bytes = b" ") -> tuple[bytes, int]:
    """Return so many equal bytes as a raw deflated stream, and their checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = letter * MB
    once = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    total = 0
    for _ in range(size_mb):
        total = zlib.crc32(piece, total)
    return once * size_mb + _REST, total


def spaces_in_gz(size_mb: int = 1024) -> bytes:
    """Return so many megabytes of spaces in one gzip stream."""
    body, total = monotonous(size_mb)
    return _GZIP + body + struct.pack("<II", total, size_mb * MB & 0xFFFFFFFF)


def deflated_member(name: str, size_mb: int, letter: bytes = b" ") -> bytes:
    """Return a zip of one member that says truly how large it becomes."""
    body, total = monotonous(size_mb, letter)
    raw, size = name.encode(), size_mb * MB
    fields = (20, 0x800, 8, 0, 0, total, len(body), size, len(raw), 0)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + raw + body
    entry = struct.pack("<4sH5H3I2H", b"PK\x01\x02", 20, *fields)
    entry += struct.pack("<3H2I", 0, 0, 0, 0, 0) + raw
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


def nested_zips(levels: int, width: int) -> bytes:
    """Return zips in zips, each holding the next one several times."""
    data = zipped({"a.txt": b"0" * MB})
    for _ in range(levels):
        data = zipped({f"{n}.zip": data for n in range(width)})
    return data


def overlapping(times: int = 5000) -> bytes:
    """Return a zip whose directory names one body many times."""
    whole = zipped({"a.txt": b"0" * MB})
    end = whole.rindex(b"PK\x05\x06")
    start = whole.rindex(b"PK\x01\x02", 0, end)
    entry, local = whole[start:end], whole[:start]
    tail = struct.pack(
        "<4s4H2IH",
        *(b"PK\x05\x06", 0, 0, times, times),
        *(len(entry) * times, len(local), 0),
    )
    return local + entry * times + tail


def wandering_names() -> bytes:
    """Return a zip whose members' names lead elsewhere."""
    text = "机密正文".encode()
    names = (
        "../../../etc/passwd",
        "/etc/shadow",
        "C:\\Windows\\a.txt",
        "a/../../b.txt",
    )
    more = ("con.txt", "a\0b.txt", "x" * 60_000 + ".txt", "\u202etxt.exe", "~/.ssh/a")
    return zipped(dict.fromkeys((*names, *more), text))


def links() -> bytes:
    """Return a zip with symbolic links."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a", "b"):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def docx_with(xml: str) -> bytes:
    """Return a document whose main part begins with this declaration."""
    body = word("<w:p><w:r><w:t>{}</w:t></w:r></w:p>")
    return _with(
        body, "word/document.xml", lambda one: one.replace("{}", _call(xml)), xml
    )


def _call(xml: str) -> str:
    return "&e;" if "SYSTEM" in xml else "&a11;"


def _with(data: bytes, name: str, change: Callable[[str], str], before: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {one: source.read(one) for one in source.namelist()}
    return zipped({**parts, name: (before + change(parts[name].decode())).encode()})


def odt_with(xml: str) -> bytes:
    """Return a text whose contents begin with this declaration."""
    content = (
        f'{xml}<office:document-content xmlns:office="{_TEXT}office:1.0" '
        f'xmlns:text="{_TEXT}text:1.0"><office:body><office:text><text:p>{_call(xml)}'
        "</text:p></office:text></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


def svg_with(xml: str) -> bytes:
    """Return a drawing with this declaration."""
    head = '<?xml version="1.0"?>'
    return f'{head}{xml}<svg xmlns="a"><text>{_call(xml)}</text></svg>'.encode()


def ofd_with(xml: str) -> bytes:
    """Return a document whose page begins with this declaration."""
    return ofd(xml + page("<ofd:TextObject/>").replace("<ofd:TextObject/>", _call(xml)))


def xlsx_with(xml: str) -> bytes:
    """Return a workbook whose shared strings begin with this declaration."""
    return book(
        "", {"xl/sharedStrings.xml": f"{xml}<sst><si><t>{_call(xml)}</t></si></sst>"}
    )


def book(rows: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a workbook of one sheet with these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    spaces = f'xmlns="{main}" xmlns:r="{rel}"'
    sheets = '<sheets><sheet name="甲" sheetId="1" r:id="r0"/></sheets>'
    links_ = (
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
    )
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations((("officeDocument", "xl/workbook.xml"),)),
            "xl/workbook.xml": f"<workbook {spaces}>{sheets}</workbook>",
            "xl/_rels/workbook.xml.rels": relations(links_),
            "xl/worksheets/sheet1.xml": f"<worksheet {spaces}><sheetData>{rows}"
            "</sheetData></worksheet>",
            **(more or {}),
        }
    )


def wide_row(cells: int = 2_000_000) -> bytes:
    """Return a workbook with all its cells in one row."""
    said = "".join(f"<c><v>{n * 7919 % 99991}</v></c>" for n in range(cells))
    return book(f'<row r="1">{said}</row>')


def many_rows(rows: int = 300_000) -> bytes:
    """Return a workbook with many short rows."""
    return book('<row><c t="str"><v>甲</v></c><c><v>1</v></c></row>' * rows)


def turning_unit(times: int = 50) -> bytes:
    """Return a page with a composite unit that contains itself so often."""
    inner = '<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/>' * times
    unit = (
        f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{inner}</ofd:Content>'
        "</ofd:CompositeGraphicUnit>"
    )
    return ofd(
        *[page('<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/>')] * 20,
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": resources({}, unit)},
    )


def doubling_units(levels: int = 10, times: int = 30) -> bytes:
    """Return composite units of which each calls the next one so often."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + "<ofd:PageBlock/>" * 300
        + f'<ofd:CompositeObject ResourceID="{n + 1}" Boundary="0 0 9 9"/>' * times
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in range(1, levels)
    )
    return ofd(
        page('<ofd:CompositeObject ResourceID="1" Boundary="0 0 9 9"/>'),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": resources({}, units)},
    )


def ods_repeats() -> bytes:
    """Return a sheet whose every cell and row is said to stand a million times."""
    cell = (
        '<t:table-cell t:number-columns-repeated="16000"><x:p>甲</x:p></t:table-cell>'
    )
    row = f'<t:table-row t:number-rows-repeated="1048576">{cell}</t:table-row>'
    content = (
        f'<office:document-content xmlns:office="{_TEXT}office:1.0" xmlns:x="{_TEXT}text:1.0" '
        f'xmlns:t="{_TEXT}table:1.0"><office:body><office:spreadsheet><t:table t:name="甲">'
        f"{row * 20}</t:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


def deep_docx(levels: int) -> bytes:
    """Return a document with tables in tables."""
    cell = "<w:tbl><w:tr><w:tc>"
    return word(cell * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels)


def many_paragraphs(count: int = 200_000) -> bytes:
    """Return a document of so many short paragraphs."""
    one = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    return word("".join(one.format(n * 7919 % 99991) for n in range(count)))


def locked_package(name: str) -> bytes:
    """Return a package behind a password, as Office writes it."""
    return compound({("EncryptedPackage",): b"x" * 5000, (name,): b"\x04\0\4\0" * 99})


def locked_zip() -> bytes:
    """Return a zip whose member is said to be locked."""
    return patched(zipped({"a.txt": b"text"}), b"a.txt", at=0, value=b"\x01\x00")


def many_members(count: int = 70_000) -> bytes:
    """Return a zip with more members than anybody reads."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    return out.getvalue()


def nested_gz(levels: int = 60) -> bytes:
    """Return a text that was packed again and again."""
    data = "内文".encode()
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def packages() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield each hostile file's name, and what makes it."""
    small = {"a.txt": "机密正文".encode() * 200}
    cut = {
        "zip": zipped(small),
        "7z": native("7zip", small),
        "rar": rar5(small),
        "tar.gz": gzip.compress(tarred(small)),
        "docx": word("<w:p/>" * 500),
        "xlsx": book("<row/>" * 500),
        "ofd": ofd(page("")),
    }
    for kind, data in cut.items():
        yield f"truncated.{kind}", lambda data=data: data[: len(data) * 2 // 3]  # type: ignore[misc]  # each its own
    yield "flat-bomb.zip", lambda: deflated_member("a.txt", 1024)
    yield "flat-bomb.docx", lambda: _bomb_in(word("<w:p/>"))
    yield "nested-bomb.zip", lambda: nested_zips(6, 10)
    yield "overlapping.zip", overlapping
    yield "wandering-names.zip", wandering_names
    yield "links.zip", links
    yield "many-members.zip", many_members
    yield "locked.zip", locked_zip
    yield "locked.7z", encrypted_7z
    yield "locked.rar", lambda: rar5({"a.txt": b"text"}, sealed=True)
    yield "locked.docx", lambda: locked_package("EncryptionInfo")
    yield "spaces.gz", spaces_in_gz
    yield "spaces-400mb.gz", lambda: gzip.compress(spaces_in_gz(400))
    yield "bomb.bz2", lambda: bz2.compress(bytes(16 * MB)) * 64
    yield "bomb.xz", lambda: lzma.compress(bytes(64 * MB), preset=0) * 16
    yield "nested.gz", nested_gz
    for name, xml in (("laughs", _LAUGHS), ("outside", _OUTSIDE)):
        for kind, make in (
            *(("docx", docx_with), ("odt", odt_with), ("svg", svg_with)),
            *(("ofd", ofd_with), ("xlsx", xlsx_with)),
        ):
            yield f"{name}.{kind}", lambda make=make, xml=xml: make(xml)  # type: ignore[misc]  # each its own
    yield "many-paragraphs.docx", many_paragraphs
    yield "wide-row.xlsx", wide_row
    yield "many-rows.xlsx", many_rows
    yield "turning-unit.ofd", turning_unit
    yield "doubling-units.ofd", doubling_units
    yield "repeats.ods", ods_repeats
    yield "deep.docx", lambda: deep_docx(20_000)
    yield "nested-tables.docx", lambda: deep_docx(80)


def _bomb_in(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {one: source.read(one) for one in source.namelist()}
    return zipped({**parts, "word/media/a.bin": bytes(40 * MB)})
