"""What the objects of a PDF say beside its pages: every dictionary is looked at."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pikepdf

from review.extract.interface import Embedded, Gap
from review.extract.limits import Limits
from review.extract.pdf.harvest import Beside, Harvest
from review.extract.pdf.labels import (
    DULL,
    OPENING,
    PROPERTIES,
    SIGNATURE,
    STRUCTURE,
    TOLD,
    is_readable,
    is_telling,
)
from review.extract.pdf.notes import take_annotation, take_field, words_of
from review.extract.pdf.objects import (
    BAD,
    Number,
    Object,
    Objects,
    contents,
    part_of,
    text_of,
)
from review.extract.pdf.xmp import form_values_of, values_of
from review.spans import Location

_MAX_BLOCKS: Final = 20_000
_MAX_FILES: Final = 192 * 1024 * 1024  # bytes of all files inside, held at once
_MAX_PACKET: Final = 8 * 1024 * 1024
_MAX_STEPS: Final = 32
_FEW_KEYS: Final = 5
# What has no other keys says nothing: empty pages, of which a file may have very many.
_SILENT: Final = frozenset(
    (
        *("/Type", "/Parent", "/Kids", "/Count", "/Contents", "/Resources"),
        *("/MediaBox", "/CropBox", "/Rotate"),
    )
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A dictionary that is looked at, with its object's number and its page."""

    one: Object
    number: Number
    page: int | None


_Take: TypeAlias = Callable[[_Place, Harvest], None]
_Fits: TypeAlias = Callable[[Object, str], bool]


def beside_of(objects: Objects, limits: Limits) -> Beside:
    """Return all that the objects of a file say beside its pages."""
    room = min(limits.unpacked_bytes, _MAX_FILES)
    harvest = Harvest(objects, objects.pages(), room)
    dark = _dark(objects)
    for number, one in objects.dictionaries():
        try:
            if _SILENT.issuperset(one.keys()):
                continue
            place = _Place(one, number, _page(number, one, harvest.pages))
            if isinstance(one, pikepdf.Stream):
                _take_stream(place, harvest)
            else:
                _take(place, harvest, dark)
        except BAD:
            objects.broken = True
        if len(harvest.blocks) > _MAX_BLOCKS:
            objects.cut = True
            break
    return harvest.done()


def layers_in(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a file has layers, which a reader may see or not."""
    try:
        return "/OCProperties" in pdf.Root
    except BAD:
        return True


def _take(place: _Place, harvest: Harvest, dark: frozenset[Number]) -> None:
    """Keep what every dictionary may hold, and then what its kind does."""
    one = place.one
    kind = str(one.get("/Type", ""))
    _take_script(place, harvest)
    _take_file(place, harvest)
    _take_target(place, harvest)
    if "/XFA" in one:
        _take_xfa(one.get("/XFA"), harvest)
    if "/PieceInfo" in one:
        _take_private(one.get("/PieceInfo"), place.page, 0, harvest)
    if _is_info(one, harvest.objects):
        _take_properties(place, harvest)
        return
    if kind == "/OCG":
        name = text_of(one.get("/Name"))
        state = "（关闭）" if place.number in dark else ""
        harvest.say(f"图层名称：{name}{state}" if name else "", "layer", None, "图层")
        return
    for fits, take in _BY_KIND:
        if fits(one, kind):
            take(place, harvest)
            return
    _take_others(one, place.page, harvest)


def _page(number: Number, one: Object, pages: dict[Number, int]) -> int | None:
    """Return the page that an object belongs to, as far as it says."""
    if number in pages:
        return pages[number]
    for key in ("/P", "/Pg"):
        other = one.get(key)
        if isinstance(other, pikepdf.Object) and other.objgen in pages:
            return pages[other.objgen]
    kids = one.get("/Kids")
    if isinstance(kids, pikepdf.Array) and len(kids):
        return pages.get(kids[0].objgen)
    return None


def _dark(objects: Objects) -> frozenset[Number]:
    """Return the numbers of the layers that are off when the file is opened."""
    try:
        properties = part_of(objects.pdf.Root, "/OCProperties")
        usual = part_of(properties, "/D")
        off = {group.objgen for group in usual.get("/OFF", [])}
        if str(usual.get("/BaseState", "")) == "/OFF":
            lit = {group.objgen for group in usual.get("/ON", [])}
            off |= {group.objgen for group in properties.get("/OCGs", [])} - lit
    except BAD:
        objects.broken = True
        return frozenset()
    return frozenset(off)


def _is_info(one: Object, objects: Objects) -> bool:
    info = objects.pdf.trailer.get("/Info")
    if (
        isinstance(info, pikepdf.Object)
        and one.is_indirect
        and info.objgen == one.objgen
    ):
        return True
    # That of an earlier version, which nothing points to any more.
    return "/Producer" in one and "/CreationDate" in one and "/Type" not in one


def _take_properties(place: _Place, harvest: Harvest) -> None:
    for key, value in place.one.items():
        text = " ".join(text_of(value).split())
        if text and key not in DULL:
            harvest.property(PROPERTIES.get(key, str(key)[1:]), text, None)


def _take_signature(place: _Place, harvest: Harvest) -> None:
    harvest.labelled(
        place.one, SIGNATURE, place.page, part="metadata", detail="电子签名信息"
    )


def _take_label(place: _Place, harvest: Harvest) -> None:
    harvest.say(text_of(place.one.get("/P")), "metadata", None, "页码标签")


def _take_bookmark(place: _Place, harvest: Harvest) -> None:
    harvest.say(text_of(place.one.get("/Title")), "metadata", None, "书签")


def _take_structure(place: _Place, harvest: Harvest) -> None:
    for key, label in STRUCTURE.items():
        text = text_of(place.one.get(key))
        if key == "/Alt":
            harvest.say(text, "metadata", place.page, label)
        else:
            harvest.replacing(text, place.page, label)


_BY_KIND: Final[tuple[tuple[_Fits, _Take], ...]] = (
    (
        lambda one, kind: kind == "/Sig" or {"/ByteRange", "/Contents"} <= one.keys(),
        _take_signature,
    ),
    (
        lambda one, _: "/Rect" in one and "/Subtype" in one,
        lambda place, harvest: take_annotation(place.one, place.page, harvest),
    ),
    (
        lambda one, _: (
            "/FT" in one or ({"/T", "/Kids"} <= one.keys() and "/K" not in one)
        ),
        lambda place, harvest: take_field(place.one, place.page, harvest),
    ),
    (
        lambda one, _: (
            isinstance(one.get("/P"), pikepdf.String) and len(one.keys()) < _FEW_KEYS
        ),
        _take_label,
    ),
    (
        lambda one, kind: kind == "/StructElem" or {"/S", "/P"} <= one.keys(),
        _take_structure,
    ),
    (
        lambda one, _: (
            "/Title" in one and not {"/Parent", "/Dest", "/A"}.isdisjoint(one.keys())
        ),
        _take_bookmark,
    ),
)


def _take_script(place: _Place, harvest: Harvest) -> None:
    if "/JS" not in place.one:
        return
    harvest.scripts += 1
    for text in words_of(place.one.get("/JS"), harvest):
        harvest.say(text, "hidden", place.page, "JavaScript 脚本")


def _take_target(place: _Place, harvest: Harvest) -> None:
    """Keep the address or the file that an action opens or sends to."""
    address = text_of(place.one.get("/URI"))
    harvest.say(address, "annotation", place.page, "链接地址")
    if str(place.one.get("/S", "")) in OPENING:
        target = place.one.get("/F")
        name = text_of(target)
        if isinstance(target, pikepdf.Dictionary):
            name = text_of(target.get("/UF")) or text_of(target.get("/F"))
        harvest.say(name, "annotation", place.page, "要打开的外部文件或地址")


def _take_file(place: _Place, harvest: Harvest) -> None:
    """Hand on a file inside the file."""
    one, page = place.one, place.page
    names = [text_of(one.get(key)) for key in ("/UF", "/F", "/Unix", "/DOS", "/Mac")]
    name = next((each for each in names if each), "附件")
    if "/EF" not in one:
        return
    harvest.say(text_of(one.get("/Desc")), "attachment", page, f"附件“{name}”的说明")
    streams = part_of(one, "/EF")
    stream = next(
        (s for _, s in streams.items() if isinstance(s, pikepdf.Stream)), None
    )
    if stream is None or stream.objgen in harvest.files:
        return
    harvest.files.add(stream.objgen)
    data = contents(stream, harvest.bytes_left)
    where = Location(part="attachment", page=page)
    if data is not None:
        harvest.bytes_left -= len(data)
        harvest.embedded.append(Embedded(name, data, where))
        return
    message = f"附件“{name}”已损坏或过大，未能读取。"
    harvest.gaps.append(Gap(where, "unreadable_part", message))
    harvest.say(name, "attachment", page, "附件名")


def _take_xfa(parts: Object, harvest: Harvest) -> None:
    """Read the XML of a form: its pieces make one document together."""
    several = list(parts) if isinstance(parts, pikepdf.Array) else [parts]
    read = [
        contents(each, _MAX_PACKET)
        for each in several
        if isinstance(each, pikepdf.Stream)
    ]
    if any(one is None for one in read):
        harvest.objects.broken = True
    for text in form_values_of(b"".join(one for one in read if one is not None)):
        harvest.say(text, "annotation", None, "XFA 表单数据")


def _take_stream(place: _Place, harvest: Harvest) -> None:
    head = place.one.stream_dict
    if (
        str(head.get("/Type", "")) == "/Metadata"
        or str(head.get("/Subtype", "")) == "/XML"
    ):
        raw = contents(place.one, _MAX_PACKET)
        if raw is None:
            harvest.objects.broken = True
            return
        for label, text in values_of(raw):
            harvest.property(label, text, place.page)
        return
    if "/PieceInfo" in head:
        _take_private(head.get("/PieceInfo"), place.page, 0, harvest)
    _take_others(head, place.page, harvest)


def _take_private(value: Any, page: int | None, depth: int, harvest: Harvest) -> None:
    """Read what a program kept for itself."""
    if depth > _MAX_STEPS:
        harvest.objects.cut = True
    elif isinstance(value, (pikepdf.String, pikepdf.Stream)):
        for raw in words_of(value, harvest):
            text = " ".join(re.sub(r"<[^>]*>", " ", raw).split())
            if is_readable(text):
                harvest.say(text, "hidden", page, "应用程序私有数据")
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Array)):
        each = (
            value if isinstance(value, pikepdf.Array) else dict(value.items()).values()
        )
        for inner in each:
            _take_private(inner, page, depth + 1, harvest)


def _take_others(one: Object, page: int | None, harvest: Harvest) -> None:
    """Keep strings under keys that nobody here knows."""
    kind = str(one.get("/Type", ""))
    if kind.startswith("/Font") or kind == "/XRef":
        return
    for key, value in one.items():
        if key in DULL or key in TOLD:
            continue
        if isinstance(value, (pikepdf.String, pikepdf.Array)):
            for text in words_of(value, harvest):
                if is_telling(text):
                    harvest.unknown(str(key), text, page)
