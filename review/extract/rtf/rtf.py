"""Rich text (rtf): the text, and what it hides, from the file's own tokens."""

from typing import Final

from review.errors import CorruptError
from review.extract.interface import Extraction
from review.extract.limits import Limits
from review.extract.rtf.reading import Reading

_MARK: Final = b"{\\rtf"
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n\x00"


class Rtf:
    """Rich text documents, whatever program wrote them."""

    format = "rtf"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like rich text."""
        return data[:512].lstrip(_BEFORE).startswith(_MARK)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read the text, hidden text, notes, objects and pictures.

        Raises:
            CorruptError: There is nothing in it but its beginning.
        """
        read = Reading(limits).run(data)
        if not (read.blocks or read.pictures or read.embedded):
            raise CorruptError(
                "RTF 文件里没有任何内容，可能已损坏，请重新保存后再提交。"
            )
        return read
