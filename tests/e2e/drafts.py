"""Drafts for the journeys, each in the format that it is about. All of it is invented."""

import io
import zipfile
from pathlib import Path
from typing import Final

from docx import Document
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SAMPLES: Final = Path(__file__).parents[2] / "sample_docs"
CLEAN: Final = (
    "学院秋季运动会昨日在田径场举行，各班同学踊跃参加，现场气氛热烈。\n"
    "本次运动会共设十二个项目，同学们赛出了风格，赛出了水平。\n"
)
# One finding that must be disposed of.
PHONE_LINE: Final = "联系人手机13800000001"
PHONE: Final = f"{CLEAN}{PHONE_LINE}\n"
# The same finding, gone in the next round.
EDITED: Final = f"{CLEAN}联系电话见学院网站。\n"
EXAM: Final = (
    "期末考试试题答案已经确定，考试尚未举行：第一题选B，第二题选A，命题教师为李样本。\n"
    "试卷由教务处统一保管，评分标准随后下发。\n"
)
HIDDEN_LINE: Final = "受助学生马虚构，身份证号110101200001010015，家庭经济困难。"
MARKED: Final = "机密★5年\n关于虚构事项的报告\n各部门：现将虚构的有关事项报告如下。\n"
BROKEN: Final = b"PK\x03\x04 broken"
_PAGE_LINES: Final = 12


def phones(count: int) -> str:
    """Return a text with so many findings."""
    lines = (f"第{one}组联系人手机138{one:08d}。" for one in range(1, count + 1))
    return "\n".join(["学院公布各工作组联系方式。", *lines, ""])


def docx_with_hidden_words() -> bytes:
    """Return a Word file in which a reader does not see one of the paragraphs."""
    made = Document()
    made.add_heading("学生资助工作简讯", level=1)
    made.add_paragraph("学院召开学生资助工作推进会，介绍了本学期助学金发放情况。")
    unseen = made.add_paragraph().add_run(HIDDEN_LINE)
    unseen.font.hidden = True
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        (one for row in table.rows for one in row.cells),
        ("项目", "进度", "助学金", "已发放"),
        strict=True,
    ):
        cell.text = text
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def scanned_pdf(words: str = "") -> bytes:
    """Return a PDF whose only page is a picture, as a scanner makes it.

    Without words nothing on it can be read: lines that a pen might have drawn.
    """
    picture = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(48)
    pen.text((200, 240), words, fill=0, font=font)
    for row in range(10):
        pen.line((200, 400 + row * 90, 1040, 400 + row * 90), fill=90, width=6)
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=A4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    return held.getvalue()


def long_pdf(pages: int, *, phones_on: tuple[int, ...] = (), each: int = 1) -> bytes:
    """Return a PDF of so many pages of text, with `each` findings on some of them."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    lines = CLEAN.split()
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=A4)
    number = 0
    for page in range(1, pages + 1):
        canvas.setFont("STSong-Light", 12)
        text = [f"第{page}页", *(lines[one % 2] for one in range(_PAGE_LINES))]
        for _ in range(each if page in phones_on else 0):
            number += 1
            text.append(f"第{number}组联系人手机138{number:08d}。")
        for row, line in enumerate(text):
            canvas.drawString(60, 780 - row * 22, line)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def archive(**files: bytes) -> bytes:
    """Return a zip file with these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return held.getvalue()
