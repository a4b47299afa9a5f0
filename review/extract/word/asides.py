"""What hangs on a place of a Word text without standing in it.

Alternative texts, names and hints of controls and form fields, options, tips.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from review.extract.ooxml.drawingml import crop_of, crop_text
from review.extract.ooxml.ooxml import R, local
from review.extract.word.styles import W, value
from review.spans import Part

_DESCRIBED: Final = frozenset({"docPr", "cNvPr", "shape", "rect", "textbox", "group"})
_SAID: Final = (
    "descr",
    "title",
    "alt",
    "{urn:schemas-microsoft-com:office:office}title",
)
_FILE_ENDINGS: Final = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".emf",
)
_CROPS: Final = (
    ("cropleft", "左"),
    ("croptop", "上"),
    ("cropright", "右"),
    ("cropbottom", "下"),
)
_LEAST_CROP: Final = 0.02
_CONTROL_NAMES: Final = {"alias": "内容控件的标题", "tag": "内容控件的标记"}
_FORM_HINTS: Final = {
    "helpText": "窗体域的帮助",
    "statusText": "窗体域的提示",
    "default": "窗体域的默认文字",
}
_TICK: Final = frozenset({"0", "1", "true", "false"})


class Aside(NamedTuple):
    """One such text: which part it belongs to, and what it is."""

    text: str
    part: Part
    detail: str


def control_of(properties: etree._Element) -> Iterator[Aside]:
    """Yield what a content control (`w:sdtPr`) says beside its text."""
    for part in properties:
        name = local(part)
        if name in _CONTROL_NAMES and (text := (value(part) or "").strip()):
            yield Aside(text, "hidden", _CONTROL_NAMES[name])
        elif name == "date" and (day := part.get(f"{W}fullDate")):
            yield Aside(day, "hidden", "日期控件的值")
        for item in part.iter(f"{W}listItem"):
            shown = (item.get(f"{W}displayText") or "").strip()
            kept = (item.get(f"{W}value") or "").strip()
            for text in dict.fromkeys(one for one in (shown, kept) if one):
                yield Aside(text, "hidden", "下拉选项")


def form_field_of(mark: etree._Element) -> Iterator[Aside]:
    """Yield what a form field (`w:ffData`) says beside its text."""
    for entry in mark.iter(f"{W}listEntry"):
        if text := value(entry):
            yield Aside(text, "hidden", "下拉选项")
    for name, detail in _FORM_HINTS.items():
        for entry in mark.iter(f"{W}{name}"):
            text = (value(entry) or "").strip()
            if text and text not in _TICK:
                yield Aside(text, "hidden", detail)


def tip_of(link: etree._Element) -> Iterator[Aside]:
    """Yield what a link says when one points at it."""
    if text := (link.get(f"{W}tooltip") or "").strip():
        yield Aside(text, "hidden", "链接提示")


def described(name: str, part: etree._Element) -> Iterator[Aside]:
    """Yield what is said of a drawing, and that a picture of it is cropped."""
    if name in _DESCRIBED:
        texts = [(part.get(key) or "").strip() for key in _SAID]
        called = (part.get("name") or "").strip()
        if called.lower().endswith(_FILE_ENDINGS):
            texts.append(called)
        for text in dict.fromkeys(one for one in texts if one):
            yield Aside(text, "image", "替代文字")
    elif name == "srcRect" and (found := crop_of(part)) is not None:
        yield Aside(f"{found[0]}\n{found[1]}", "image", "裁剪的图片")
    elif name == "imagedata" and (cut := _old_crop(part)):
        yield Aside(f"{part.get(f'{R}id') or ''}\n{cut}", "image", "裁剪的图片")


def cropped(aside: Aside, pictures: dict[str, str]) -> Aside:
    """Return a note on a cropped picture with the file's name in it."""
    relation, mark, cut = aside.text.partition("\n")
    if aside.detail != "裁剪的图片" or not mark:
        return aside
    return aside._replace(text=crop_text(pictures.get(relation, ""), cut))


def _old_crop(picture: etree._Element) -> str:
    """Return what VML cuts away of a picture, as shares of its sides."""
    found = []
    for key, word in _CROPS:
        raw = (picture.get(key) or "").strip()
        whole = 65_536 if raw.endswith("f") else 1
        try:
            share = float(raw.rstrip("f")) / whole if raw else 0.0
        except ValueError:
            continue
        if _LEAST_CROP <= share < 1:
            found.append(f"{word}侧 {round(share * 100)}%")
    return "、".join(found)
