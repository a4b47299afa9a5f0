"""Character recognition: a picture file in, its lines out. The room's one door."""

import os
from typing import Literal, TypeAlias

from review.errors import CorruptError
from review.extract.interface import Line
from review.letters.models import installed

Recognizer: TypeAlias = Literal["rapidocr", "tesseract"]


def recognizer() -> Recognizer:
    """Return who reads pictures here: the program, where the package is missing."""
    return "rapidocr" if installed() else "tesseract"


def recognize(picture: bytes, by: Recognizer = "rapidocr") -> tuple[Line, ...]:
    """Return the lines of a picture in reading order, cells of a row parted by tabs.

    Meant for a process of its own: it takes hundreds of megabytes and seconds, needs
    neither network nor a place to write to, and starts no thread. `tesseract` is a
    program: where it reads, one more process must be allowed.

    Raises:
        UnsupportedError: No recognizer is installed, or its models are not the ones we know.
        CorruptError: It is no picture that is read here, or damaged.
        TooLargeError: It declares more pixels than allowed.
    """
    if by == "tesseract":
        from review.letters.tesseract import (  # noqa: PLC0415 - where it is the last resort
            recognize_with_tesseract,
        )

        return recognize_with_tesseract(picture)
    # Numpy's algebra starts threads as it loads, and where that is forbidden it ends
    # the process. This is how it is told; Python's own environment stays as it is.
    os.putenv("OPENBLAS_NUM_THREADS", "1")
    import cv2  # noqa: PLC0415 - slow to load, and only after the line above

    from review.letters.page import read_picture  # noqa: PLC0415 - see above

    try:
        return read_picture(picture)
    except cv2.error:
        raise CorruptError(
            "图片的文字未能识别，程序无法处理这张图片，请人工查看。"
        ) from None
