"""Drawings in Office packages: names, alternative texts, cropped and linked pictures."""

import posixpath
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.drawingml import A
from review.extract.ooxml.ooxml import R, all_text, local
from review.safecopy.images.bare import as_png, opened_picture, stripped
from review.safecopy.interface import Tally
from review.safecopy.links import is_public
from review.safecopy.ooxml.opc import Opc, Part
from review.safecopy.trees import drop, unwrap

_O: Final = "{urn:schemas-microsoft-com:office:office}"
_ALT: Final = "替代文字"
_WHOLE: Final = 100_000  # thousandths of a percent
_SIDES: Final = ("l", "t", "r", "b")
_VML_SIDES: Final = ("cropleft", "croptop", "cropright", "cropbottom")
_VML_WHOLE: Final = 65_536
_KEPT_EXTENSION: Final = ("datalabelsRange",)


@dataclass(slots=True)
class Drawings:
    """Cleans what is drawn in the parts of one package."""

    opc: Opc
    tally: Tally
    folder: str
    seen: set[str] = field(default_factory=set)
    _cropped: int = 0
    _shapes: int = 0

    def clean(self, part: Part, place: str) -> None:
        """Clean every drawing of a part in place.

        Raises:
            UnsupportedError: A picture is not in the file, or a crop can't be made.
        """
        if part.root is None:
            return
        self._alternatives(part.root, place)
        self._names(part.root, place)
        self._extensions(part.root)
        self._links(part, place)
        for blip in list(part.root.iter(f"{A}blip")):
            self._blip(part, blip, place)
        for data in list(part.root.iter("{urn:schemas-microsoft-com:vml}imagedata")):
            self._vml(part, data, place)

    def picture(self, part: Part, place: str) -> None:
        """Take what a picture file carries beside its picture."""
        part.data, kinds = stripped(part.data, part.name)
        for kind in kinds:
            self.tally.add(kind, place)

    def _alternatives(self, root: etree._Element, place: str) -> None:
        """Of several ways to say the same keep the one that is read."""
        for choice in list(root.iter("{*}AlternateContent")):
            branches = [one for one in choice if local(one) in {"Choice", "Fallback"}]
            with_text = [one for one in branches if all_text(one)]
            taken = (with_text or branches)[:1]
            for one in list(choice):
                if one not in taken:
                    drop(one)
                    self.tally.add("没有显示的备用内容", place, _is_other(one, taken))
            if not taken:
                drop(choice)
            elif local(taken[0]) == "Fallback":
                unwrap(taken[0])
                unwrap(choice)

    def _names(self, root: etree._Element, place: str) -> None:
        for element in root.iter():
            name = local(element)
            if name in {"cNvPr", "docPr"}:
                self._shapes += 1
                element.set("name", f"图形{self._shapes}")
            for key in list(element.keys()):
                if _tells(name, str(key)):
                    told = element.attrib.pop(key)
                    self.tally.add(_ALT, place, bool(str(told).strip()))

    def _extensions(self, root: etree._Element) -> None:
        for element in list(root.iter("{*}extLst")):
            if not any(local(one) in _KEPT_EXTENSION for one in element.iter()):
                drop(element)

    def _links(self, part: Part, place: str) -> None:
        """Keep links of shapes to public pages, and nothing that starts something."""
        assert part.root is not None  # noqa: S101 - clean saw to it
        for name in ("hlinkClick", "hlinkHover", "hlinkMouseOver"):
            for link in list(part.root.iter(f"{A}{name}")):
                link.attrib.pop("tooltip", "")
                rel = part.rels.get(link.get(f"{R}id") or "")
                public = rel is not None and rel.external and is_public(rel.target)
                if not public or name != "hlinkClick" or len(link):
                    drop(link)
                    self.tally.add("动作或指向内部的链接", place)
                elif rel is not None:
                    link.attrib.pop("action", "")

    def _blip(self, part: Part, blip: etree._Element, place: str) -> None:
        linked = blip.attrib.pop(f"{R}link", "")
        inner = blip.get(f"{R}embed")
        if linked:
            self.tally.add("外部图片的地址", place)
            if not inner:
                raise UnsupportedError(
                    "文件引用了不在文件里的外部图片；请把图片插入文件后再试。"
                )
        source = next(
            (one for one in blip.itersiblings() if local(one) == "srcRect"), None
        )
        rel = part.rels.get(inner or "")
        if source is None or rel is None:
            return
        sides = [_integer(source.get(side)) / _WHOLE for side in _SIDES]
        if max(sides) <= 0:
            return
        made = self._crop(part, rel.target, sides, place)
        blip.set(f"{R}embed", made)
        left = _left_of(sides)
        for side, value in zip(_SIDES, left, strict=True):
            source.attrib.pop(side, "")
            if value:
                source.set(side, str(round(value * _WHOLE)))

    def _vml(self, part: Part, data: etree._Element, place: str) -> None:
        for key in (f"{_O}href", f"{R}href", f"{_O}title"):
            data.attrib.pop(key, "")
        rel = part.rels.get(data.get(f"{R}id") or data.get(f"{_O}relid") or "")
        if rel is None:
            return
        if rel.external:
            raise UnsupportedError(
                "文件引用了不在文件里的外部图片；请把图片插入文件后再试。"
            )
        sides = [_vml_fraction(data.get(side)) for side in _VML_SIDES]
        if max(sides) <= 0:
            return
        made = self._crop(part, rel.target, sides, place)
        key = f"{R}id" if data.get(f"{R}id") else f"{_O}relid"
        data.set(key, made)
        for side, value in zip(_VML_SIDES, _left_of(sides), strict=True):
            data.attrib.pop(side, "")
            if value:
                data.set(side, f"{round(value * _VML_WHOLE)}f")

    def _crop(self, part: Part, target: str, sides: list[float], place: str) -> str:
        """Add a picture of only what the crop shows; return the id of its link."""
        data = self.opc.part(target).data
        ending = posixpath.splitext(target)[1].lower()
        if ending in {".emf", ".wmf", ".svg"}:
            raise UnsupportedError(
                "文件里有裁剪过的矢量图，裁掉的部分不能可靠清除；请把它换成截图后再试。"
            )
        picture = opened_picture(data)
        width, height = picture.size
        left, top, right, bottom = (max(side, 0.0) for side in sides)
        box = (
            min(int(left * width), width - 1),
            min(int(top * height), height - 1),
            max(round((1 - right) * width), int(left * width) + 1),
            max(round((1 - bottom) * height), int(top * height) + 1),
        )
        self._cropped += 1
        name = f"{self.folder}/media/cropped{self._cropped}.png"
        self.opc.add(name, "image/png", as_png(picture.crop(box)))
        self.tally.add("图片中裁掉的部分", place)
        return part.link("image", name)


def _is_other(branch: etree._Element, taken: list[etree._Element]) -> bool:
    """Tell whether a branch says something else than the one that is shown."""
    text = all_text(branch)
    return bool(text) and all(text != all_text(one) for one in taken)


def _tells(tag: str, key: str) -> bool:
    """Tell an attribute that says something about a shape beside its look."""
    if tag in {"cNvPr", "docPr"}:
        return key in {"descr", "title"}
    if key in {"alt", f"{_O}title", f"{_O}hlinkTooltip"}:
        return True
    return tag in {"shape", "rect", "imagedata", "group", "oval", "line"} and key in {
        "title",
        "href",
        "target",
        f"{_O}href",
        f"{_O}gfxdata",
        f"{_O}spid",
    }


def _left_of(sides: list[float]) -> list[float]:
    """Return what remains of a crop: the sides that reach beyond the picture."""
    left, top, right, bottom = (max(side, 0.0) for side in sides)
    width, height = max(1 - left - right, 1e-6), max(1 - top - bottom, 1e-6)
    shares = (width, height, width, height)
    return [min(side, 0.0) / share for side, share in zip(sides, shares, strict=True)]


def _integer(raw: str | None) -> int:
    text = (raw or "0").strip()
    if text.endswith("%"):
        return round(_float(text[:-1]) * 1000)
    return round(_float(text))


def _vml_fraction(raw: str | None) -> float:
    text = (raw or "0").strip()
    if text.endswith("f"):
        return _float(text[:-1]) / _VML_WHOLE
    return _float(text[:-1]) / 100 if text.endswith("%") else _float(text)


def _float(text: str) -> float:
    try:
        return max(-100_000.0, min(100_000.0, float(text)))
    except ValueError:
        return 0.0
