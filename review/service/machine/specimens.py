"""The smallest drafts there are, one of each kind that loads something of its own."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_WORDS: Final = "学院举行秋季运动会，各班同学踊跃参加。"
_OOXML: Final = "http://schemas.openxmlformats.org"
_TYPES: Final = (
    f'<Types xmlns="{_OOXML}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    f'<Relationships xmlns="{_OOXML}/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    f'Type="{_OOXML}/officeDocument/2006/relationships/officeDocument"/>'
    "</Relationships>"
)
_DOCUMENT: Final = (
    f'<w:document xmlns:w="{_OOXML}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    f"<w:t>{_WORDS}</w:t></w:r></w:p></w:body></w:document>"
)
_PDF: Final = (
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 99 99]>>endobj\n",
    "3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 6 0 R>>endobj\n",
    "4 0 obj<</Length 26>>stream\nBT /F 9 Tf 9 9 Td (1) Tj ET\nendstream endobj\n",
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n",
    "6 0 obj<</Font<</F 5 0 R>>>>endobj\n",
)


def specimens() -> Mapping[str, bytes]:
    """Return contents by file names."""
    return {
        "预热.txt": _WORDS.encode(),
        "预热.html": f"<html><body><p>{_WORDS}</p></body></html>".encode(),
        "预热.pdf": _pdf(),
        "预热.docx": _docx(),
    }


def _pdf() -> bytes:
    body, places = b"%PDF-1.4\n", []
    for one in _PDF:
        places.append(len(body))
        body += one.encode()
    rows = "".join(f"{one:010} 00000 n \n" for one in places)
    count = len(places) + 1
    table = f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
    ending = f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (table + ending).encode()


def _docx() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr("word/document.xml", _DOCUMENT)
    return held.getvalue()
