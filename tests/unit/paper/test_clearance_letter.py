"""The clearance letter: what may go out, where, until when, and a code to check it by."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pypdfium2
import pytest

from review.paper.clearance_letter_docx import clearance_letter_docx
from review.paper.clearance_letter_pdf import clearance_letter_pdf
from review.paper.interface import ClearanceLetter
from tests.unit.paper.conftest import Reader


def drawn(letter: ClearanceLetter, kind: str) -> bytes:
    make = clearance_letter_docx if kind == "docx" else clearance_letter_pdf
    return make(letter)


def test_it_says_all_that_an_editor_must_know(
    clearance: ClearanceLetter, kind: str, text_of: Reader
) -> None:
    said = text_of(drawn(clearance, kind))
    for wanted in (
        "信息公开许可书",
        "审〔2026〕000123号",
        "学院举行秋季运动会",
        "网站、公众号",
        "2027",
        "名单.xlsx",
        "d" * 64,
        "改动一个字",
        clearance.address,
    ):
        assert "".join(wanted.split()) in said, wanted


@pytest.mark.parametrize("address", ["https://review.example.edu.cn/verify/2026-1", ""])
def test_the_code_can_be_read(clearance: ClearanceLetter, address: str) -> None:
    data = clearance_letter_pdf(replace(clearance, address=address))
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        pages = [one.render(scale=3).to_pil() for one in document]
    finally:
        document.close()
    read = cv2.QRCodeDetector()
    found = {read.detectAndDecode(np.array(one.convert("L")))[0] for one in pages}
    assert (address or "XIANSHEN/1 2026-000123") in found
