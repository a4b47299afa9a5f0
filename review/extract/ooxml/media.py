"""The pictures of an Office package: for recognition, or as the text they carry."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from review.errors import UnreadableError
from review.extract.interface import Block, Gap, Picture
from review.extract.ooxml.metafile import read_metafile
from review.extract.ooxml.ooxml import local, note
from review.extract.package import parse_xml
from review.extract.picture_size import is_tiny
from review.spans import Location

_RASTERS: Final = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".dib")
_RASTERS_TOO: Final = (".tif", ".tiff", ".webp", ".wdp", ".hdp", ".ico")
_VECTORS: Final = (".emf", ".wmf", ".emz", ".wmz", ".svg")
_DRAWN: Final = "矢量图里的文字"


@dataclass(slots=True)
class Media:
    """The pictures of one package, as they are met."""

    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    drawings: int = 0

    def take(self, data: bytes, name: str, where: Location) -> None:
        """Keep a picture for recognition, or read the text of a drawn one."""
        thumbnail = "thumbnail" in name.lower()
        if thumbnail:
            text = "文件里存有缩略图，可能显示较早的内容"
            self.blocks.append(note(text, where, "缩略图"))
        if name.lower().endswith(".svg"):
            self._svg(data, where)
            return
        drawn = read_metafile(data)
        if drawn is None:
            if not is_tiny(data):
                hidden = thumbnail or _is_away(where)
                self.pictures.append(Picture(data, where, hidden=hidden))
            return
        if drawn.text:
            self.blocks.append(_drawn(drawn.text, where))
        bitmaps = [one for one in drawn.bitmaps if not is_tiny(one)]
        away = _is_away(where)
        self.pictures.extend(Picture(one, where, hidden=away) for one in bitmaps)
        self.drawings += drawn.glyphs_only or not (drawn.text or bitmaps)

    def gaps(self) -> list[Gap]:
        """Say how many drawings could not be read."""
        if not self.drawings:
            return []
        message = (
            f"文件中有 {self.drawings} 张矢量图，图里可能有画出来的文字，"
            "未经机器检查，请人工查看。"
        )
        return [Gap(Location(part="image"), "image_without_text", message)]

    def _svg(self, data: bytes, where: Location) -> None:
        try:
            root = parse_xml(data, "SVG 图片")
        except UnreadableError:
            self.drawings += 1
            return
        lines: list[str] = []
        for element in root.iter():
            tag = local(element)
            if tag == "text":
                lines.append(" ".join("".join(map(str, element.itertext())).split()))
            elif tag in {"title", "desc"} and (element.text or "").strip():
                text = " ".join((element.text or "").split())
                self.blocks.append(note(text, where, "矢量图的说明"))
            elif tag == "image":
                self._inline(dict(element.items()), where)
        if text := "\n".join(line for line in lines if line):
            self.blocks.append(_drawn(text, where))

    def _inline(self, attributes: dict[object, object], where: Location) -> None:
        """Keep a picture that an SVG carries in an address."""
        for key, value in attributes.items():
            raw = str(value)
            if str(key).rpartition("}")[2] != "href" or not raw.startswith("data:"):
                continue
            try:
                data = base64.b64decode(raw.partition(",")[2])
            except (binascii.Error, ValueError):
                self.drawings += 1
                continue
            if data and not is_tiny(data):
                self.pictures.append(Picture(data, where, hidden=_is_away(where)))


def _is_away(where: Location) -> bool:
    """Tell whether a picture hangs on a page that nobody sees, such as notes."""
    return where.part == "hidden"


def _drawn(text: str, where: Location) -> Block:
    return Block(text, where, hidden=_is_away(where), detail=_DRAWN)


def is_picture(name: str) -> bool:
    """Tell by its ending whether a part is a picture."""
    return name.lower().endswith((*_RASTERS, *_RASTERS_TOO, *_VECTORS))
