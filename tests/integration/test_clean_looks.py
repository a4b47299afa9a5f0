"""A safe copy looks as the draft did: both through LibreOffice, pixel by pixel."""

import io
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from review.safecopy.copying import safe_copy
from review.sandbox import convert as converting
from review.sandbox.convert import libreoffice

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed"),
]

_SAMPLES = Path(__file__).parents[2] / "sample_docs"
_SECONDS = 200.0
_SEEN = 40  # of 255, by which a grey must differ
# What LibreOffice shows of a draft and its reader does not see, or sees otherwise.
_OTHERWISE = {
    "国庆值班通知（修订批注）.docx": "it paints deletions, struck out",
    "关于学生公寓家具采购项目的询价通知.docx": "it paints deletions, struck out",
    "青岑县2026年公开招聘中小学教师公告.docx": "it paints deletions, struck out",
    "致新同学的信（隐藏文字）.docx": "letters of one point leave a speck",
    "《基础会计》期末考试试卷（A卷）.docx": "it hides the end of a hidden paragraph too",
}
_REFUSED = frozenset({"实训楼改造小结（嵌入外链）.docx"})
_PROPERTIES = rb"<(?:Relationship|Override) [^>]*app\.xml[^>]*/>"


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_copies_look_as_the_drafts_did(kind: str, tmp_path: Path) -> None:
    drafts = [
        one
        for one in sorted(_SAMPLES.rglob(f"*.{kind}"))
        if one.name not in {*_OTHERWISE, *_REFUSED}
    ]
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    for number, draft in enumerate(drafts):
        data = draft.read_bytes()
        copy = safe_copy(data, draft.name).data
        (old / f"{number}.{kind}").write_bytes(_unnamed(data))
        (new / f"{number}.{kind}").write_bytes(_unnamed(copy))
    before, after = _drawn(old), _drawn(new)
    different = [
        draft.name
        for number, draft in enumerate(drafts)
        if not _alike(before[str(number)], after[str(number)])
    ]
    assert len(drafts) > 2
    assert different == []


def _unnamed(data: bytes) -> bytes:
    """Take out which program wrote a file: LibreOffice measures rows by it."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name in {"_rels/.rels", "[Content_Types].xml"}:
                part = re.sub(_PROPERTIES, b"", part)
            if name != "docProps/app.xml":
                target.writestr(name, part)
    return made.getvalue()


def _drawn(folder: Path) -> dict[str, list[Image.Image]]:
    """Return the pages of each file in a folder, by the file's name."""
    program = libreoffice()
    assert program is not None
    room = folder / "room"
    files = sorted(map(str, folder.iterdir()))
    converting._furnish(room, program / "soffice.bin")
    command = (
        str(program / "soffice.bin"),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        *("--headless", "--norestore", "--convert-to", "pdf"),
        *("--outdir", str(room / "made"), *files),
    )
    end = converting.time.monotonic() + _SECONDS
    assert converting._run(command, room, end) == 0
    found: dict[str, list[Image.Image]] = {}
    for file in (room / "made").iterdir():
        with pypdfium2.PdfDocument(file.read_bytes()) as document:
            found[file.stem] = [
                page.render(scale=1).to_pil().convert("L") for page in document
            ]
    return found


def _alike(one: list[Image.Image], other: list[Image.Image]) -> bool:
    if [page.size for page in one] != [page.size for page in other]:
        return False
    return all(
        ImageChops.difference(page, copy).point(_seen).getbbox() is None
        for page, copy in zip(one, other, strict=True)
    )


def _seen(difference: float) -> int:
    """Turn into white what an eye would notice, and all else into black."""
    return 255 * (difference > _SEEN)
