"""The font of the PDFs: an embedded Chinese TrueType, or the reader's own Song.

reportlab embeds TrueType outlines only; the common Noto CJK collections hold
PostScript ones (CFF) and are passed over. Without any embeddable font the
PDF names the standard STSong-Light, which readers supply themselves.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from review.digests import of_bytes
from review.errors import FontError
from review.paper.text import spelt

STANDARD: Final = "STSong-Light"
_HOME: Final = Path("/usr/share/fonts")
_FOLDERS: Final = (
    _HOME,
    _HOME / "truetype/wqy",
    _HOME / "truetype/arphic",
    _HOME / "truetype/droid",
    _HOME / "truetype/lxgw-wenkai",
    _HOME / "wqy-microhei",
    _HOME / "wqy-zenhei",
    _HOME / "wenquanyi/wqy-microhei",
    _HOME / "wenquanyi/wqy-zenhei",
    _HOME / "chinese",
    _HOME / "win",
    _HOME / "winfonts",
    _HOME / "windows",
    _HOME / "zh_CN",
    _HOME / "fzfonts",
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts/Supplemental"),
    Path("/Library/Fonts"),
)
# Song faces first: that is what an office form is set in.
_NAMES: Final = (
    "simsun.ttc",
    "SimSun.ttc",
    "simsun.ttf",
    "FZSSK.TTF",
    "FZSSJW.TTF",
    "FZFSK.TTF",
    "Songti.ttc",
    "uming.ttc",
    "simfang.ttf",
    "simhei.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "LXGWWenKai-Regular.ttf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "Arial Unicode.ttf",
)
# A font without these can't set a form.
_NEEDED: Final = "信息公开保密审查表〔〕《》、。■□"
_BASIC: Final = 0x10000
# reportlab keeps fonts in one table for the whole process.
_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font: its name for reportlab, and which characters it has.

    `characters` is None for the standard font, whose set is GBK's.
    """

    name: str
    characters: frozenset[int] | None = field(repr=False)

    def has(self, character: str) -> bool:
        """Return whether the font shows the character, and leads back to it.

        reportlab writes no usable way back to a character beyond the basic
        plane, so those count as missing.
        """
        if ord(character) >= _BASIC:
            return False
        if self.characters is not None:
            return ord(character) in self.characters
        return _in_gbk(character)

    def shown(self, text: str) -> str:
        """Return `text` with each missing character spelt out as [U+1F600].

        A blank box in a name would lose the name.
        """
        return "".join(one if self.has(one) else spelt(one) for one in text)


def face(font: Path | None = None) -> Face:
    """Return the named font, or the first that can be embedded, or STSong-Light.

    Raises:
        FontError: The named font is missing, isn't TrueType or lacks Chinese.
    """
    if font is not None:
        return _embedded(font)
    for path in well_known():
        try:
            return _embedded(path)
        except FontError:
            # Several systems install CFF outlines under these names.
            continue
    return standard()


def standard() -> Face:
    """Return the font that is named, not embedded."""
    with _LOCK:
        if STANDARD not in getRegisteredFontNames():
            registerFont(UnicodeCIDFont(STANDARD))
    return Face(STANDARD, None)


def well_known() -> Iterator[Path]:
    """Yield the Chinese fonts that stand in the usual places, the best first."""
    for name in _NAMES:
        for folder in _FOLDERS:
            path = folder / name
            if path.is_file():
                yield path


@cache
def _embedded(path: Path) -> Face:
    name = f"Xianshen{of_bytes(str(path).encode())[:8]}"
    with _LOCK:
        try:
            font = TTFont(name, str(path))
        except (TTFError, OSError) as error:
            raise FontError(
                f"字体 {path} 不能嵌入 PDF：请指定带中文的 TrueType 字体文件"
                "（.ttf 或 .ttc，不支持 .otf 和 Noto CJK 的 .ttc）"
            ) from error
        characters = frozenset(font.face.charToGlyph)
        if not characters.issuperset(map(ord, _NEEDED)):
            raise FontError(f"字体 {path} 缺少中文字符：请换一个中文字体")
        registerFont(font)
    return Face(name, characters)


def _in_gbk(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
