"""Tables as plain text, in any Chinese encoding (csv, tsv)."""

from review.errors import TooLargeError
from review.extract.interface import Extraction
from review.extract.limits import A_ROW, Limits
from review.extract.plain.encodings import decode
from review.extract.plain.tables import SEPARATORS, table_in
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
            TooLargeError: There are more characters, rows or cells than allowed.
        """
        text, gaps = text_of(data, limits)
        if text.count("\n") * A_ROW + sum(map(text.count, SEPARATORS)) > limits.cells:
            raise TooLargeError("表格的行或单元格过多，请拆分后再提交。")
        return Extraction(table_in(text) or lines_of(text), gaps)
