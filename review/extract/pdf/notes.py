"""The annotations and the form fields of a PDF."""

import re
from collections.abc import Iterator
from typing import Final

import pikepdf

from review.extract.pdf.harvest import Harvest
from review.extract.pdf.labels import CAPTIONS, KINDS, MEDIA, SUBJECTS
from review.extract.pdf.objects import Object, contents, part_of, text_of

_HIDDEN_FLAGS: Final = 2 | 32
_MAX_WORDS: Final = 4 * 1024 * 1024
_HAN: Final = "[\u3400-\u9fff]"


def take_annotation(one: Object, page: int | None, harvest: Harvest) -> None:
    """Keep what an annotation says, with its kind, author, day and state."""
    kind = str(one.get("/Subtype"))
    flags = one.get("/F", 0)
    off = isinstance(flags, int) and bool(flags & _HIDDEN_FLAGS)
    if kind == "/Widget":
        take_field(one, page, harvest, off=off)
        button = part_of(one, "/MK")
        harvest.labelled(button, CAPTIONS, page, part="annotation", detail="表单按钮")
        return
    harvest.media += kind in MEDIA
    author = text_of(one.get("/T"))
    detail = _about(one, kind, author, off=off)
    said = text_of(one.get("/Contents"))
    # The words of a text box stand on the page; of other notes only a mark does.
    hidden = off or kind != "/FreeText"
    harvest.say(said, "annotation", page, detail, hidden=hidden)
    rich = _plain(one.get("/RC"), harvest)
    if "".join(rich.split()) != "".join(said.split()):
        harvest.say(rich, "annotation", page, detail)
    subject = text_of(one.get("/Subj"))
    if subject not in SUBJECTS:
        harvest.say(subject, "annotation", page, f"批注主题，{detail}")
    cover = text_of(one.get("/OverlayText"))
    harvest.say(cover, "annotation", page, f"涂黑说明，{detail}")
    if author:
        harvest.say(f"批注作者：{author}", "metadata", None, "批注作者")


def take_field(
    one: Object, page: int | None, harvest: Harvest, *, off: bool = False
) -> None:
    """Keep what a form field holds, what it held at first, offers and explains."""
    name = text_of(one.get("/T"))
    shown = [text for text in words_of(one.get("/V"), harvest) if text]
    state = "不显示的表单项" if off else "表单项"
    for text in shown:
        harvest.say(text, "annotation", page, f"{state} {name}".strip(), hidden=off)
    for key, label in (("/DV", "表单默认值"), ("/Opt", "表单选项")):
        for text in words_of(one.get(key), harvest):
            if text not in shown:
                harvest.say(text, "annotation", page, f"{label} {name}".strip())
    harvest.say(text_of(one.get("/TU")), "annotation", page, "表单提示")
    harvest.say(text_of(one.get("/TM")), "annotation", page, "表单导出名")
    if re.search(_HAN, name):
        harvest.say(name, "annotation", page, "表单项名称")


def words_of(value: Object, harvest: Harvest) -> Iterator[str]:
    """Yield the strings of a value: one, a stream's, or those of a list or of pairs."""
    if isinstance(value, pikepdf.String):
        yield text_of(value)
    elif isinstance(value, pikepdf.Stream):
        raw = contents(value, _MAX_WORDS)
        if raw is None:
            harvest.objects.broken = True
        else:
            yield text_of(pikepdf.String(raw))
    elif isinstance(value, pikepdf.Array):
        for each in value:
            if isinstance(each, pikepdf.Array):
                yield from (text_of(one) for one in each)
            else:
                yield text_of(each)


def _about(one: Object, kind: str, author: str, *, off: bool) -> str:
    about = [f"批注（{KINDS.get(kind, kind[1:])}）"]
    about += [author] if author else []
    about += [day] if (day := _day(one.get("/M", one.get("/CreationDate")))) else []
    about += ["回复"] if "/IRT" in one else []
    about += ["不显示"] if off else []
    return "，".join(about)


def _day(value: Object) -> str:
    """Return the day of a date such as D:20260102030405."""
    found = re.match(r"D:(\d{4})(\d{2})(\d{2})", text_of(value))
    return "-".join(found.groups()) if found else ""


def _plain(rich: Object, harvest: Harvest) -> str:
    """Return the words of a text with marks of HTML."""
    text = " ".join(words_of(rich, harvest))
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
