"""The recognizer's models: files inside a package, each known by its digest.

A model decides what a scanned page says. One that is not the file this program was
measured with is refused, and none is ever fetched from anywhere.
"""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from review.errors import UnsupportedError

_PACKAGE: Final = "rapidocr"
_FOLDER: Final = "models"
# The files of rapidocr 3.10.0, with their SHA-256.
_FINDING: Final = (
    "PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
_READING: Final = (
    "PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
_TURNING: Final = (
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
)
ABSENT: Final = (
    "这里没有安装文字识别组件（rapidocr），图片中的文字未能识别，请人工查看。"
)
_FOREIGN: Final = (
    "文字识别组件（rapidocr{version}）的模型文件 {name} 与本程序核定的不一致，已停用；"
    "请按 requirements.lock 重新安装后再试。"
)


@dataclass(frozen=True, slots=True)
class Models:
    """Where the models lie: one finds lines, one reads them, one tells them upside down."""

    finding: Path
    reading: Path
    turning: Path


def installed() -> bool:
    """Tell whether the package is there at all."""
    return find_spec(_PACKAGE) is not None


def models() -> Models:
    """Return the models, each compared with its digest.

    Raises:
        UnsupportedError: The package is missing, or one of its models is another file.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise UnsupportedError(ABSENT)
    folder = Path(spec.origin).parent / _FOLDER
    return Models(*(_checked(folder, *one) for one in (_FINDING, _READING, _TURNING)))


def _checked(folder: Path, name: str, digest: str) -> Path:
    path = folder / name
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        found = ""
    if found != digest:
        raise UnsupportedError(_FOREIGN.format(version=_version(), name=name))
    return path


def _version() -> str:
    try:
        return f" {metadata.version(_PACKAGE)}"
    except metadata.PackageNotFoundError:
        return ""
