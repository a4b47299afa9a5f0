"""Pictures: png, jpg, tiff, bmp, webp, gif; what they show is left to recognition.

A picture file also carries what its page does not show: who made it, with which
camera, where; a thumbnail of what it was before it was cropped; further pictures;
and whatever somebody put behind its end.
"""

import io
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image as Pictures
from PIL import ImageChops, ImageStat

from review.errors import UnreadableError
from review.extract.images.notes import Notes, notes_of
from review.extract.images.open import check, kind_of, opened, upright
from review.extract.images.parcels import contents_of
from review.extract.interface import Block, Embedded, Extraction, Gap, Picture
from review.extract.limits import Limits
from review.extract.picture_size import SMALLEST
from review.spans import Location

_BESIDE: Final = Location(part="metadata")
_SHOWN: Final = Location(part="image")
_LONGEST_FRAME: Final = 10_000  # pixels
_QUALITY: Final = 92
_TAIL_NAME: Final = "图片末尾附加的数据"
_DETAIL: Final = "图片属性"
_FOREIGN: Final = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"%PDF-")
_NEAR: Final = 4096


@dataclass(frozen=True, slots=True)
class Image:
    """Picture files of one kind."""

    format: str

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like this kind of picture."""
        return kind_of(data) == self.format

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Return the picture, frame by frame, and what its file hides.

        Raises:
            CorruptError: It does not open, or breaks off.
            TooLargeError: It declares more pixels than anybody needs.
        """
        pages, gaps = _frames(data, self.format, limits)
        beside = hidden_in(data)
        return Extraction(
            beside.blocks,
            (*gaps, *beside.gaps),
            beside.embedded,
            (*pages, *beside.pictures),
        )


IMAGES: Final = tuple(
    Image(name) for name in ("png", "jpg", "tiff", "bmp", "webp", "gif")
)


def hidden_in(data: bytes) -> Extraction:
    """Return all that a picture file carries beside its picture; never raises.

    Blocks for what it says, pictures for thumbnails that show something else and for
    what lies under transparent places, a file for what stands behind its end.
    """
    contents = contents_of(data)
    notes = notes_of(contents)
    blocks = [
        Block(
            text if kind == label else f"{label}：{text}",
            _BESIDE,
            hidden=True,
            role="note",
            detail=f"{_DETAIL}（{kind}）",
        )
        for label, text, kind in notes.sayings
    ]
    pictures = [*_others(data, notes), *_see_through(data)]
    blocks.extend(_told(label) for label, _ in pictures)
    tail = _tail(contents.tail)
    if tail is not None:
        blocks.append(_told(f"图片的末尾附加了 {len(tail.data)} 字节的其他数据"))
    gaps = tuple(
        Gap(_BESIDE, "unreadable_part", f"图片文件里有未能读取的附加内容：{one}。")
        for one in notes.unread
    )
    return Extraction(
        tuple(dict.fromkeys(blocks)),
        gaps,
        () if tail is None else (tail,),
        tuple(one for _, one in pictures),
    )


def _told(sentence: str) -> Block:
    return Block(sentence, _BESIDE, hidden=True, role="note", detail="图片中的隐藏内容")


# --- the frames ---


def _frames(
    data: bytes, kind: str, limits: Limits
) -> tuple[tuple[Picture, ...], tuple[Gap, ...]]:
    """Return a picture a page or frame; a lone one as the file that it is."""
    with opened(data) as image:
        # A JPEG's further pictures are found by their own beginnings.
        count = 1 if kind == "jpg" else getattr(image, "n_frames", 1)
        if count == 1:
            image.draft("L", (SMALLEST, SMALLEST))
            image.load()
            return (Picture(data, _SHOWN, page=True),), ()
        return _pages(image, kind, count, limits)


def _pages(
    image: Pictures.Image, kind: str, count: int, limits: Limits
) -> tuple[tuple[Picture, ...], tuple[Gap, ...]]:
    pages: list[Picture] = []
    room = limits.unpacked_bytes // 4
    known: set[bytes] = set()
    moves = kind != "tiff"
    most = min(limits.frames, limits.pictures) if moves else limits.pictures
    for number in range(1, count + 1):
        image.seek(number - 1)
        check(image)
        made = _saved(image)
        if made in known and moves:
            continue  # an animation that stands still
        room -= len(made)
        if room < 0 or len(pages) >= most:
            return tuple(pages), (_rest(number, count, len(pages), moves=moves),)
        known.add(made)
        where = replace(_SHOWN, page=number)
        # A page must hold text; a step of an animation need not.
        pages.append(Picture(made, where, page=not moves or number == 1))
    return tuple(pages), ()


def _rest(first: int, count: int, read: int, *, moves: bool) -> Gap:
    unread = count - first + 1
    message = (
        f"动图共 {count} 帧，只识别画面不同的 {read} 帧，"
        f"从第 {first} 帧起的 {unread} 帧未予识别，请人工查看。"
        if moves
        else f"图片文件共 {count} 页，从第 {first} 页起的 {unread} 页未予读取，请拆分后再提交。"
    )
    return Gap(replace(_SHOWN, page=first), "too_large", message)


def _saved(image: Pictures.Image) -> bytes:
    """Return the present frame as a file of its own, in little room."""
    made = io.BytesIO()
    if image.mode == "1":
        image.copy().save(made, "PNG", compress_level=1)
    else:
        shown = upright(image, longest=_LONGEST_FRAME)
        shown.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


# --- pictures inside the picture's file ---

_SMALL: Final = (32, 32)
_ALIKE: Final = 12.0  # mean difference of two greys, of 255
_SHAPES: Final = 0.06  # by which the relation of width to height may differ


def _others(data: bytes, notes: Notes) -> list[tuple[str, Picture]]:
    """Return the pictures in the file that show something else than it does."""
    found: list[tuple[str, Picture]] = []
    seen: set[bytes] = set()
    for label, inner in notes.pictures:
        if inner in seen:
            continue
        seen.add(inner)
        picture = Picture(inner, _SHOWN, hidden=True)
        if label != "缩略图":
            found.append(("图片文件里还有第二幅图片", picture))
        elif _differs(data, inner):
            found.append(
                ("图片内的缩略图与画面不同，可能是裁剪或涂改之前的样子", picture)
            )
    return found


def _differs(data: bytes, thumbnail: bytes) -> bool:
    """Tell whether a thumbnail shows something else; False where there is nothing to see."""
    try:
        with opened(thumbnail) as image:
            if min(image.size) < SMALLEST:
                return False
            small = upright(image, longest=_NEAR)
    except UnreadableError:
        return False
    try:
        with opened(data) as image:
            large = upright(image, longest=256)
    except UnreadableError:
        return True
    # Cameras put black bars above and below a thumbnail of another shape.
    bounds = small.convert("L").point(lambda value: 255 * (value > 16)).getbbox()  # noqa: PLR2004 - nearly black
    small = small.crop(bounds) if bounds else small
    shapes = {one.width / one.height for one in (small, large)}
    turned = max(shapes) * min(shapes)  # near 1 where one of them lies on its side
    if max(shapes) / min(shapes) > 1 + _SHAPES and not 0.9 < turned < 1.1:  # noqa: PLR2004 - see above
        return True
    return all(_difference(small, turn) > _ALIKE for turn in _turns(large, turned))


def _turns(image: Pictures.Image, turned: float) -> tuple[Pictures.Image, ...]:
    """Return the picture as it may lie: thumbnails are often not turned with it."""
    upside = image.transpose(Pictures.Transpose.ROTATE_180)
    if not 0.5 < turned < 2:  # noqa: PLR2004 - nothing lies on its side
        return image, upside
    left = image.transpose(Pictures.Transpose.ROTATE_90)
    return image, upside, left, left.transpose(Pictures.Transpose.ROTATE_180)


def _difference(one: Pictures.Image, other: Pictures.Image) -> float:
    greys = [each.convert("L").resize(_SMALL) for each in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*greys)).mean[0]


def _see_through(data: bytes) -> list[tuple[str, Picture]]:
    """Return what the colours show where a picture is transparent, if anything."""
    try:
        with opened(data) as image:
            if image.mode not in {"RGBA", "LA"} or min(image.size) < SMALLEST:
                return []
            alpha = image.getchannel("A")
            if alpha.getextrema() != (255, 255):
                return _under(image, alpha)
    except UnreadableError:
        pass  # said where the picture itself is read
    return []


def _under(image: Pictures.Image, alpha: Pictures.Image) -> list[tuple[str, Picture]]:
    bare = image.convert("RGBA").convert("RGB")
    unseen = alpha.point(lambda value: 255 * (value < 16))  # noqa: PLR2004 - nearly clear
    spread = ImageStat.Stat(bare.convert("L"), unseen) if unseen.getbbox() else None
    if spread is None or spread.count[0] == 0 or spread.stddev[0] < _ALIKE:
        return []
    made = io.BytesIO()
    bare.save(made, "PNG", compress_level=1)
    return [
        ("图片的透明处藏有看不到的画面", Picture(made.getvalue(), _SHOWN, hidden=True))
    ]


# --- what stands behind the end ---


def _tail(tail: bytes) -> Embedded | None:
    """Return what somebody put behind a picture, from where a known file begins."""
    tail = tail.lstrip(b"\x00\r\n \t")
    if not tail:
        return None
    starts = [at for mark in _FOREIGN if (at := tail.find(mark, 0, _NEAR)) >= 0]
    return Embedded(_TAIL_NAME, tail[min(starts, default=0) :], _BESIDE)
