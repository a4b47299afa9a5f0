"""Microsoft Works documents (wps): read through their conversion alone."""

from typing import Final

from review.errors import CorruptError
from review.extract.interface import Extraction
from review.extract.limits import Limits
from review.extract.old.ole_parts import parts_of
from review.extract.ole.ole import MAGIC, CompoundFile

_MARK: Final = b"CHNKWKS"


class Works:
    """Documents of Works 4 and later."""

    format = "wps"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a Works document in it."""
        if not data.startswith(MAGIC):
            return False
        try:
            container = CompoundFile(data)
            contents = container.named("CONTENTS") or b""
            return container.named("MN0") is not None or contents.startswith(_MARK)
        except CorruptError:
            return False

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Leave the text to the conversion; read what stands beside it.

        Raises:
            CorruptError: It is damaged.
        """
        beside = parts_of(CompoundFile(data), limits)
        return Extraction(
            beside.blocks,
            beside.gaps,
            beside.embedded,
            beside.pictures,
            convert="docx",
        )
