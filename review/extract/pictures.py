"""Pictures become text through character recognition; what stays unread is a gap."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from review import digests
from review.errors import UnreadableError, UnsupportedError
from review.extract.interface import Aids, Block, Gap, Line, Picture
from review.extract.limits import Limits
from review.extract.picture_size import is_thumbnail, is_tiny
from review.spans import Location

# Below this the recognizer guesses: what it says helps, and is not relied on.
_SURE: Final = 0.8
# So much of a page's letters must a true text layer hold.
_ALIKE: Final = 0.7
_FEW: Final = 8  # letters that prove nothing
_SHOWN: Final = 20


@dataclass(slots=True)
class PictureReading:
    """What the pictures of one draft gave."""

    aids: Aids | None
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _known: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    _unread: list[Picture] = field(default_factory=list)
    _empty: int = 0
    _nobody: bool = False

    def run(self, pictures: Sequence[Picture]) -> None:
        """Read each picture, equal ones once, and say which were not read."""
        for picture in pictures:
            self._read(picture)
        self._say_unread()

    def _read(self, picture: Picture) -> None:
        if _is_illegible(picture):
            return
        name = digests.of_bytes(picture.data)
        if name not in self._known:
            if self.aids is None or self._nobody:
                self._unread.append(picture)
                return
            if len(self._known) >= self.limits.pictures:
                self._unread.append(picture)
                return
            try:
                self._known[name] = self.aids.recognized(picture.data)
            except UnsupportedError:
                self._nobody = True
                self._unread.append(picture)
                return
            except UnreadableError as error:
                self._failed(picture, error)
                return
        self._take(picture, self._known[name])

    def _failed(self, picture: Picture, error: UnreadableError) -> None:
        message = f"{_place(picture)}的文字未能识别：{error.message}"
        self.gaps.append(Gap(picture.where, "image_without_text", message))

    def _take(self, picture: Picture, lines: tuple[Line, ...]) -> None:
        said = _letters(line.text for line in lines)
        if picture.claimed is not None:
            if _holds(_letters((picture.claimed,)), said):
                return
            message = (
                f"{_place(picture)}的文字层与页面上看到的不符，"
                "已按识别出的文字检查，请人工核对。"
            )
            self.gaps.append(Gap(picture.where, "garbled_text", message))
        self.blocks.extend(_blocks(lines, picture))
        if not said and picture.page:
            self._empty += 1
        if not said and picture.page and self._empty <= _SHOWN:
            message = f"{_place(picture)}没有识别出文字，请人工查看。"
            self.gaps.append(Gap(picture.where, "image_without_text", message))
        elif said and _sureness(lines) < _SURE:
            message = f"{_place(picture)}的文字识别把握不大，请对照原件人工查看。"
            self.gaps.append(Gap(picture.where, "image_without_text", message))

    def _say_unread(self) -> None:
        """Name the pages that are pictures; count the pictures that stand on pages."""
        doubtful = [one for one in self._unread if one.claimed is not None]
        pages = [one for one in self._unread if one.page and one.claimed is None]
        rest = len(self._unread) - len(pages) - len(doubtful)
        why = "" if self._nobody or self.aids is None else "图片过多，"
        for one in doubtful[:_SHOWN]:
            message = (
                f"{_place(one)}的文字层可能与页面所见不符，{why}未能核对，请人工查看。"
            )
            self.gaps.append(Gap(one.where, "garbled_text", message))
        for one in pages[:_SHOWN]:
            only = "" if one.where.page is None else "只有图片，"
            message = f"{_place(one)}{only}{why}没有可读的文字，请人工查看。"
            self.gaps.append(Gap(one.where, "image_without_text", message))
        if self._empty > _SHOWN:
            message = f"另有 {self._empty - _SHOWN} 页没有识别出文字，请人工查看。"
            where = Location(part="image")
            self.gaps.append(Gap(where, "image_without_text", message))
        rest += max(0, len(pages) - _SHOWN) + max(0, len(doubtful) - _SHOWN)
        if rest:
            message = (
                f"文件中有 {rest} 张图片，{why}图片里的文字未经机器检查，请人工查看。"
            )
            where = Location(part="image")
            self.gaps.append(Gap(where, "image_without_text", message))


def _blocks(lines: Sequence[Line], picture: Picture) -> list[Block]:
    """Return what stands in a picture: rows of tables apart, other lines together."""
    unseen = picture.hidden or picture.where.part == "hidden"
    plain = Block(
        "",
        picture.where,
        hidden=unseen,
        detail="看不见的图片里的文字" if unseen else "图片文字识别",
    )
    blocks: list[Block] = []
    run: list[str] = []

    def end() -> None:
        if run:
            blocks.append(replace(plain, text="\n".join(run)))
            run.clear()

    row = 0
    for line in lines:
        cells = tuple(cell.strip() for cell in line.text.split("\t"))
        if len(cells) == 1:
            run.append(line.text)
            continue
        end()
        row += 1
        place, text = replace(picture.where, row=row), "\t".join(cells)
        blocks.append(replace(plain, text=text, where=place, role="row", cells=cells))
    end()
    return blocks


def _is_illegible(picture: Picture) -> bool:
    """Tell a picture in which nobody could read a letter; that a thumbnail is there, is said."""
    if picture.page or picture.claimed is not None:
        return False
    unseen = picture.hidden or picture.where.part == "hidden"
    return is_tiny(picture.data) or (unseen and is_thumbnail(picture.data))


def _place(picture: Picture) -> str:
    page = picture.where.page
    inside = f"内嵌文件“{picture.where.path}”的" if picture.where.path else ""
    if page is None:
        return f"{inside}这张图片" if picture.page else f"{inside}图片"
    return f"{inside}第 {page} 页" if picture.page else f"{inside}第 {page} 页的图片"


def _letters(texts: Iterable[str]) -> str:
    return "".join(c for text in texts for c in text if c.isalnum())


def _holds(claimed: str, said: str) -> bool:
    """Tell whether a text layer says what the page shows, by its pairs of letters."""
    if len(said) < _FEW:
        return True
    seen, told = Counter(_pairs(said)), Counter(_pairs(claimed))
    return (seen & told).total() >= _ALIKE * seen.total()


def _pairs(text: str) -> Iterable[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _sureness(lines: Sequence[Line]) -> float:
    """Return how sure the recognizer is, each letter counting the same."""
    total = sum(len(one.text) for one in lines)
    return sum(one.score * len(one.text) for one in lines) / total if total else 0.0
