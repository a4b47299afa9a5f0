"""Tables as plain text, in any Chinese encoding (csv, tsv)."""

from review.extract.interface import Extraction
from review.extract.limits import Limits
from review.extract.plain.encodings import decode
from review.extract.plain.tables import table_in
from review.extract.plain.text import is_plain, lines_of, sample_of, text_of


class Csv:
    """Separated tables; a text with many commas is none."""

    format = "csv"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the beginning is plainly a table: even rows of short cells."""
        if data[:4] == b"%PDF" or data[:2] in {b"PK", b"\xd0\xcf"}:
            return False
        sample = sample_of(data)
        decoded = decode(sample)
        if decoded is None or not is_plain(decoded.text):
            return False
        return table_in(decoded.text) is not None

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every row; line breaks inside a cell become spaces.

        Raises:
            CorruptError: The bytes decode in no known encoding.
            TooLargeError: There are more characters than allowed.
        """
        text, gaps = text_of(data, limits)
        return Extraction(table_in(text) or lines_of(text), gaps)
