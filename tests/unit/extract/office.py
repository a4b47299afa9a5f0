"""Office packages, built part by part, for the tests of their extractors."""

import io
import struct
import zipfile
import zlib

from review.extract.interface import Block, Document
from review.extract.ole.ole import MAGIC
from review.extract.read import read

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WHO = 'w:id="1" w:author="张某" w:date="2024-03-01T08:00:00Z"'

Parts = dict[str, str | bytes]
Links = tuple[tuple[str, str], ...]


def relations(links: Links) -> str:
    """Relationships r0, r1 … to parts beside, or outside where there is a colon."""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for n, (kind, target) in enumerate(links)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{rows}</Relationships>'


def packed(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def part(tag: str, inner: str, attributes: str = "") -> str:
    return f"<{tag} {SPACES} {attributes}>{inner}</{tag}>"


def word(body: str, more: Parts | None = None, links: Links = ()) -> bytes:
    parts: Parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations((("officeDocument", "word/document.xml"),)),
        "word/document.xml": part("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relations(links),
    }
    return packed(parts | (more or {}))


def p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr>"
        f"<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )


def read_word(body: str, more: Parts | None = None, links: Links = ()) -> Document:
    return read(word(body, more, links), "草稿.docx")


def shown(document: Document) -> list[str]:
    return [block.text for block in document.blocks if not block.hidden]


def hidden(document: Document) -> list[tuple[str, str, str | None]]:
    return [(b.text, b.where.part, b.detail) for b in document.blocks if b.hidden]


def find(document: Document, text: str) -> Block:
    (found,) = (block for block in document.blocks if block.text == text)
    return found


def slide(shapes: str, attributes: str = "", before: str = "") -> str:
    tree = f"<p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{shapes}</p:spTree>"
    return part("p:sld", f"<p:cSld>{before}{tree}</p:cSld>", attributes)


def shape(
    text: str,
    place: tuple[int, int, int, int] | None = (0, 0, 100, 100),
    **more: str,
) -> str:
    """A shape with one run of text; `place` is left, top, width, height.

    `more` may give `fill`, `run` (its properties), `named` (attributes of its name)
    and `holder` (which placeholder it fills).
    """
    fill, run = more.get("fill", ""), more.get("run", "")
    named, holder = more.get("named", ""), more.get("holder", "")
    where = ""
    if place:
        left, top, wide, high = place
        where = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    body = f"<a:p><a:r><a:rPr>{run}</a:rPr><a:t>{text}</a:t></a:r></a:p>"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" {named}/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr>'
        f"</p:nvSpPr><p:spPr>{where}{fill}</p:spPr>"
        f"<p:txBody><a:bodyPr/>{body}</p:txBody></p:sp>"
    )


def show(
    slides: list[str], more: Parts | None = None, links: dict[int, Links] | None = None
) -> bytes:
    """A presentation of 1000 x 1000 units; `links` are those of slides, from 1."""
    count = len(slides)
    ids = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(count))
    main = f'<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="1000" cy="1000"/>'
    targets: Links = tuple(("slide", f"slides/slide{n + 1}.xml") for n in range(count))
    parts: Parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations((("officeDocument", "ppt/presentation.xml"),)),
        "ppt/presentation.xml": part("p:presentation", main),
        "ppt/_rels/presentation.xml.rels": relations(targets),
    }
    for number, one in enumerate(slides, 1):
        parts[f"ppt/slides/slide{number}.xml"] = one
        if links and number in links:
            name = f"ppt/slides/_rels/slide{number}.xml.rels"
            parts[name] = relations(links[number])
    return packed(parts | (more or {}))


def png(side: int = 64) -> bytes:
    """A white square."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * side) * side
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file whose streams stand in the root, each in sectors of its own."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    names = list(streams)
    directory_sectors = (len(names) + 1 + 3) // 4
    fat = [0xFFFFFFFD, *range(2, 1 + directory_sectors), end]
    bodies, starts, sizes = b"", [], []
    for name in names:
        body = streams[name].ljust(4096, b"\0")
        body = body.ljust(-(-len(body) // 512) * 512, b"\0")
        starts.append(len(fat))
        sizes.append(max(len(streams[name]), 4096))
        fat += [*range(len(fat) + 1, len(fat) + len(body) // 512), end]
        bodies += body
    assert len(fat) <= 128
    fat += [free] * (128 - len(fat))
    header = MAGIC + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(
        label: str, kind: int, links: tuple[int, int], place: tuple[int, int]
    ) -> bytes:
        raw = (label + "\0").encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        head += struct.pack("<III", free, *links) + bytes(36)
        return head + struct.pack("<IQ", *place)

    directory = entry("Root Entry", 5, (free, 1 if names else free), (end, 0))
    for index, name in enumerate(names):
        following = index + 2 if index + 1 < len(names) else free
        directory += entry(name, 2, (following, free), (starts[index], sizes[index]))
    directory = directory.ljust(directory_sectors * 512, b"\0")
    return header + struct.pack("<128I", *fat) + directory + bodies
