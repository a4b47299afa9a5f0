"""A spreadsheet as it is handed in: what is no spreadsheet, or too much of one."""

import io
import zipfile

import pytest

from review.detect.lexicon_sheet import Spreadsheet, read_sheet
from review.errors import UsageError
from tests.service import lexicon_material as material


def test_a_spreadsheet_is_read_out_of_memory() -> None:
    sheet = read_sheet(Spreadsheet("规则.xlsx", material.spreadsheet()))
    (row,) = sheet.rows
    assert row.cells["label"].text == "砚湖赛题"


@pytest.mark.parametrize("data", [b"", b"no spreadsheet", material.spreadsheet()[:900]])
def test_what_is_no_spreadsheet_is_named(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"规则\.xlsx 不是能打开的"):
        read_sheet(Spreadsheet("规则.xlsx", data))


def test_what_unpacks_to_far_too_much_is_never_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 130 * 1024 * 1024)
    with pytest.raises(UsageError, match="太大"):
        read_sheet(Spreadsheet("规则.xlsx", packed.getvalue()))


def test_what_is_too_large_as_it_lies_is_refused() -> None:
    with pytest.raises(UsageError, match="太大"):
        read_sheet(Spreadsheet("规则.xlsx", b"\0" * (20 * 1024 * 1024 + 1)))
