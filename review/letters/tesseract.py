"""The other recognizer: the program `tesseract`, where rapidocr is not installed.

It is a program of its own, so it cannot run where no process may be started. It reads
clean pages nearly as well and noisy ones worse, and no seals.
"""

import csv
import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from typing import Final

from PIL import Image

from review.errors import CorruptError, OutOfTimeError, UnsupportedError
from review.extract.images.open import opened, upright
from review.extract.interface import Line
from review.letters.interface import Piece
from review.letters.layout import lines_of
from review.letters.tidy import tidy

_LONGEST: Final = 4_000  # pixels
_SECONDS: Final = 120
_LANGUAGE: Final = "chi_sim"
_LINE, _WORD = "4", "5"  # levels of its table
_APART: Final = 0.8  # of a line's height, by which two cells stand apart
_ABSENT: Final = (
    "这里没有安装文字识别程序（rapidocr 或带简体中文的 tesseract），"
    "图片中的文字未能识别，请人工查看。"
)


def recognize_with_tesseract(picture: bytes) -> tuple[Line, ...]:
    """Return the lines of a picture in reading order, with the program's own sureness.

    Raises:
        UnsupportedError: The program is not installed, or not with Chinese.
        CorruptError: It is no picture that is read here, or damaged.
        TooLargeError: It declares more pixels than allowed.
        OutOfTimeError: It took too long.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise UnsupportedError(_ABSENT)
    with opened(picture) as image:
        page = upright(image, longest=_LONGEST)
    table = _asked(program, page)
    found = lines_of(
        [
            *_pieces(
                csv.DictReader(
                    io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE
                )
            )
        ]
    )
    return tuple(Line(tidy(one.text), one.score) for one in found)


def _asked(program: str, page: Image.Image) -> str:
    """Return the table of words; picture and table go through pipes, not files."""
    given = io.BytesIO()
    page.save(given, "BMP")
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            (program, "-", "-", "-l", _LANGUAGE, "--psm", "3", "tsv"),
            input=given.getvalue(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={"OMP_THREAD_LIMIT": "1"},  # more of them are slower
        )
    except subprocess.TimeoutExpired:
        raise OutOfTimeError("图片的文字识别超过了规定的时间，请人工查看。") from None
    if b"Error opening data file" in done.stderr or b"couldn't load" in done.stderr:
        raise UnsupportedError(_ABSENT)
    if done.returncode:
        raise CorruptError("图片的文字未能识别，请人工查看。")
    return done.stdout.decode("utf-8", "replace")


def _pieces(rows: Iterable[dict[str, str]]) -> Iterator[Piece]:
    """Yield what was read, word by word, those of a line that touch as one.

    Its boxes of words overlap: their order counts, and each is as high as its line.
    """
    top, height = 0.0, 0.0
    open_one: Piece | None = None
    for row in rows:
        if row.get("level") == _LINE:
            top, height = float(row["top"]), float(row["height"])
        text = (row.get("text") or "").strip()
        if row.get("level") != _WORD or not text:
            continue
        left = float(row["left"])
        right = left + float(row["width"])
        score = max(float(row["conf"]), 0.0) / 100
        word = Piece(text, score, left, top, right, top + height)
        if open_one is not None and _touch(open_one, word):
            open_one = _as_one(open_one, word)
            continue
        if open_one is not None:
            yield open_one
        open_one = word
    if open_one is not None:
        yield open_one


def _touch(one: Piece, word: Piece) -> bool:
    return one.top == word.top and word.left - one.right < one.height * _APART


def _as_one(one: Piece, word: Piece) -> Piece:
    letters = len(one.text) + len(word.text)
    score = (one.score * len(one.text) + word.score * len(word.text)) / letters
    latin = one.text[-1:].isascii() and word.text[:1].isascii()
    text = f"{one.text}{' ' if latin else ''}{word.text}"
    right = max(one.right, word.right)
    return Piece(text, score, one.left, one.top, right, one.bottom)
