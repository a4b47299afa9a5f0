"""Pages as a scanner gives them, drawn with Pillow in the machine's Noto CJK font.

Everything on them is invented.
"""

import functools
import io
import math
import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

DPI = 200
A4 = (1654, 2339)
RED = (200, 25, 30)
MARGIN = 210
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_NAMES = {
    "serif": "NotoSerifCJK-Regular.ttc",
    "bold": "NotoSerifCJK-Bold.ttc",
    "sans": "NotoSansCJK-Regular.ttc",
    "heavy": "NotoSansCJK-Bold.ttc",
}
_SIMPLIFIED = 2  # of the languages in a collection


@functools.cache
def font(size: int, face: str = "serif") -> ImageFont.FreeTypeFont:
    """Return a face of the Noto CJK fonts (Debian: fonts-noto-cjk)."""
    for folder in _FOLDERS:
        for path in Path(folder).rglob(_NAMES[face]):
            return ImageFont.truetype(path, size, index=_SIMPLIFIED)
    raise FileNotFoundError("fonts-noto-cjk")


def blank(size: tuple[int, int] = A4) -> Image.Image:
    return Image.new("RGB", size, "white")


def wrapped(text: str, letters: int) -> list[str]:
    """Cut a text into lines of so many letters."""
    return [text[at : at + letters] for at in range(0, len(text), letters)]


def write(  # noqa: PLR0913 - how a page is set
    page: Image.Image,
    lines: Sequence[str],
    *,
    top: int = 200,
    left: int = MARGIN,
    size: int = 33,
    face: str = "serif",
    colour: object = "black",
    step: float = 1.6,
) -> int:
    """Write lines one below the other; return where the next would stand."""
    draw = ImageDraw.Draw(page)
    for line in lines:
        draw.text((left, top), line, font=font(size, face), fill=colour)  # type: ignore[arg-type]  # - a colour
        top += round(size * step)
    return top


def centred(  # noqa: PLR0913 - how a line is set
    page: Image.Image, line: str, *, top: int, size: int, face: str, colour: object
) -> None:
    draw = ImageDraw.Draw(page)
    width = draw.textlength(line, font=font(size, face))
    place = ((page.width - width) / 2, top)
    draw.text(place, line, font=font(size, face), fill=colour)  # type: ignore[arg-type]  # - a colour


def red_letterhead(page: Image.Image, name: str, number: str) -> int:
    """Draw the head of a 红头文件; return where the text begins."""
    centred(page, name, top=330, size=96, face="bold", colour=RED)
    centred(page, number, top=520, size=34, face="serif", colour="black")
    ImageDraw.Draw(page).rectangle((180, 600, page.width - 180, 606), fill=RED)
    return 690


def secrecy_stamp(page: Image.Image, text: str, *, at: tuple[int, int]) -> None:
    """Draw a secrecy mark in a red frame, as a rubber stamp leaves it."""
    width = round(ImageDraw.Draw(page).textlength(text, font=font(46, "heavy")))
    stamp = Image.new("RGB", (width + 44, 92), "white")
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((4, 4, width + 39, 87), outline=RED, width=5)
    draw.text((22, 12), text, font=font(46, "heavy"), fill=RED)
    turned = stamp.rotate(
        4, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    _over(page, turned, at)


def seal(
    page: Image.Image,
    name: str,
    *,
    middle: tuple[int, int],
    radius: int = 165,
    below: str = "",
) -> None:
    """Draw a round red seal with its name in the ring, a star, and a line below."""
    fine = 2
    side = radius * 2 * fine
    stamp = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((6, 6, side - 6, side - 6), outline=RED, width=8 * fine)
    draw.regular_polygon(
        (side / 2, side / 2, side * 0.13), 5, fill="white", outline="white"
    )
    points = []
    for turn in range(10):
        reach = side * (0.14 if turn % 2 == 0 else 0.055)
        angle = math.radians(turn * 36 - 90)
        points.append(
            (side / 2 + reach * math.cos(angle), side / 2 + reach * math.sin(angle))
        )
    draw.polygon(points, fill=RED)
    size = round(side * 0.125)
    spread = min(250, 24 * len(name))
    for at, letter in enumerate(name):
        angle = -spread / 2 + spread * at / max(len(name) - 1, 1)
        cell = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(cell).text(
            (size, size), letter, font=font(size, "bold"), fill=255, anchor="mm"
        )
        cell = cell.rotate(-angle, resample=Image.Resampling.BICUBIC)
        reach = side / 2 * 0.76
        x = side / 2 + reach * math.sin(math.radians(angle)) - size
        y = side / 2 - reach * math.cos(math.radians(angle)) - size
        stamp.paste(RED, (round(x), round(y)), cell)
    if below:
        draw.text(
            (side / 2, side * 0.74),
            below,
            font=font(round(size * 0.8), "bold"),
            fill=RED,
            anchor="mm",
        )
    small = stamp.resize((radius * 2, radius * 2), Image.Resampling.LANCZOS)
    _over(page, small, (middle[0] - radius, middle[1] - radius))


def table(
    page: Image.Image,
    rows: Sequence[Sequence[str]],
    *,
    top: int,
    widths: Sequence[int],
    size: int = 30,
) -> int:
    """Draw a ruled table; return where it ends."""
    draw = ImageDraw.Draw(page)
    height = round(size * 2.1)
    for number, row in enumerate(rows):
        left = MARGIN - 40
        for text, width in zip(row, widths, strict=True):
            above = top + number * height
            draw.rectangle(
                (left, above, left + width, above + height), outline="black", width=2
            )
            draw.text(
                (left + width / 2, above + height / 2),
                text,
                font=font(size),
                fill="black",
                anchor="mm",
            )
            left += width
    return top + len(rows) * height


def _over(page: Image.Image, stamp: Image.Image, at: tuple[int, int]) -> None:
    """Lay ink on a page: what is below shows through, as of any ink."""
    box = (*at, at[0] + stamp.width, at[1] + stamp.height)
    page.paste(ImageChops.multiply(page.crop(box), stamp), at)


# --- what scanners do to a page ---


def tilted(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, fillcolor="white", resample=Image.Resampling.BICUBIC)


def blurred(page: Image.Image, radius: float = 1.3) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(radius))


def noisy(page: Image.Image, *, seed: int = 7, strength: float = 38) -> Image.Image:
    """Add grain, a grey ground and specks."""
    dice = random.Random(seed)  # noqa: S311 - the same page each time
    grain = Image.effect_noise(page.size, strength).convert("RGB")
    made = ImageChops.add(page.point(lambda value: value * 0.86 + 12), grain, 1, -118)
    draw = ImageDraw.Draw(made)
    for _ in range(600):
        x, y = dice.randrange(page.width), dice.randrange(page.height)
        draw.point((x, y), fill=(60, 60, 60))
    return made


def png(page: Image.Image) -> bytes:
    made = io.BytesIO()
    page.save(made, "PNG", compress_level=1, dpi=(DPI, DPI))
    return made.getvalue()


def jpg(page: Image.Image, quality: int = 75) -> bytes:
    made = io.BytesIO()
    page.save(made, "JPEG", quality=quality, dpi=(DPI, DPI))
    return made.getvalue()
