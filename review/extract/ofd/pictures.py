"""Pictures on OFD pages: whether they cover the text below them."""

import io
import struct
from typing import Final

from PIL import Image

from review.extract.picture_size import size_of

_PNG: Final = b"\x89PNG"
# JPEG, BMP and TIFF: the transparency of the last is used by no office program.
_WITHOUT_ALPHA: Final = (b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
_LARGEST: Final = 16_000_000
_THROUGH: Final = 200
_HEADER: Final = 26
_TRANSPARENT: Final = (4, 6)
# What Pillow raises for pictures that are damaged.
_FAULTS: Final = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError)


def is_opaque(data: bytes) -> bool:
    """Tell whether nothing shines through a picture; a damaged one shows nothing."""
    size = size_of(data) if data.startswith(_PNG) and len(data) >= _HEADER else None
    if size is None:
        return data.startswith(_WITHOUT_ALPHA)
    if data[25] not in _TRANSPARENT and b"tRNS" not in data[:4096]:
        return True
    if size[0] * size[1] > _LARGEST:
        return False
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            opacities = picture.convert("RGBA").getchannel("A").histogram()
    except _FAULTS:
        return False
    return not any(opacities[:_THROUGH])
