"""Safe copies of plain text: the same characters, without those nobody sees."""

from typing import Final

from review.errors import CorruptError
from review.extract.limits import Limits
from review.extract.plain.encodings import decode
from review.safecopy.characters import visible
from review.safecopy.interface import Cleaned, Tally

_MARK: Final = b"\xef\xbb\xbf"


class TextCleaner:
    """Plain text, Markdown and separated tables; what comes out is UTF-8."""

    reads: Final = frozenset({"txt", "csv", "md"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the text without zero-width and control characters.

        Raises:
            CorruptError: Its encoding cannot be told, or some bytes are broken.
        """
        del limits
        decoded = decode(data)
        if decoded is None or decoded.broken:
            raise CorruptError("文本编码无法识别，请另存为 UTF-8 编码后再试。")
        text, gone = visible(decoded.text.removeprefix("\ufeff"))
        tally = Tally()
        tally.add("零宽或控制字符", "正文", gone)
        mark = _MARK if data.startswith(_MARK) else b""
        return Cleaned(
            data=mark + text.encode("utf-8", "replace"),
            format="txt",
            removed=tally.traces(),
        )
