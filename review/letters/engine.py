"""The recognizer itself: the only file that knows rapidocr.

One thread, no network, no file written, nothing said: it runs where none of these is
allowed.
"""

import functools
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from review.errors import TooLargeError, UnsupportedError
from review.letters.models import ABSENT, models

Pixels: TypeAlias = NDArray[np.uint8]  # height, width, and blue, green, red
Corners: TypeAlias = NDArray[
    np.float32
]  # upper left, upper right, lower right, lower left

_HEIGHT: Final = 48  # pixels; to which the model has each line brought
_NARROW: Final = 0.8  # of a line's width: a fifth faster, and as many letters right
_WIDEST: Final = 3_200  # pixels of a line at that height
_TOO_LARGE: Final = (
    "识别这张图片需要的内存超过上限，没有完成，请缩小或裁成几张后再提交。"
)
_log: Final = logging.getLogger("RapidOCR")


class Engine:
    """Finds lines of text in a picture and reads them."""

    def __init__(self, program: Any) -> None:
        """Keep the loaded program; `engine` makes it."""
        self._program = program

    def find(self, picture: Pixels) -> list[Corners]:
        """Return the corners of each line, in no order."""
        with _bounded():
            found = self._program(picture, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        if boxes is None:
            return []
        return [np.asarray(one, dtype=np.float32) for one in boxes]

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        """Return the words of each picture of a line, and how sure they are."""
        if not lines:
            return []
        with _bounded():
            said = self._program.recognize_txt(list(map(_brought_to_height, lines)))
        return [
            (str(text), float(score))
            for text, score in zip(said.txts, said.scores, strict=True)
        ]


@functools.cache
def engine() -> Engine:
    """Return the recognizer, loaded once a process.

    Raises:
        UnsupportedError: It is not installed, or its models are other files.
    """
    found = models()
    # From 1.29 on, onnxruntime tells its maker about every process and model, and
    # leaves a number for this machine in the home folder. It is told not to before it
    # loads; afterwards would be too late for the first message.
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime  # noqa: PLC0415 - see above
        from rapidocr import RapidOCR  # noqa: PLC0415 - slow to load, and may be absent
    except ImportError:
        raise UnsupportedError(ABSENT) from None
    onnxruntime.disable_telemetry_events()
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    program = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Det.model_path": str(found.finding),
            "Det.limit_type": "max",
            "Det.limit_side_len": 2_000,
            "Rec.model_path": str(found.reading),
            "Rec.rec_batch_num": 1,
            "Cls.model_path": str(found.turning),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    _log.handlers.clear()
    _log.addHandler(logging.NullHandler())
    return Engine(program)


@contextmanager
def _bounded() -> Iterator[None]:
    """Say it plainly when a picture takes more memory than there is."""
    from rapidocr.inference_engine.onnxruntime.main import (  # noqa: PLC0415 - slow to load
        ONNXRuntimeError,
    )

    try:
        yield
    except ONNXRuntimeError:
        raise TooLargeError(_TOO_LARGE) from None


def _brought_to_height(line: Pixels) -> Pixels:
    height, width = line.shape[:2]
    wanted = min(max(round(width * _HEIGHT / height * _NARROW), 16), _WIDEST)
    how = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(line, (wanted, _HEIGHT), interpolation=how), np.uint8)
