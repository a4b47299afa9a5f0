"""What the benchmarks run on: made here from the project's own files, seeded."""

import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
_SEED = 20261122
LETTERS_OF_A_PAGE = 22 * 28
_ABOUT: Final = ("做好", "开展", "组织", "印发", "调整", "举办", "公布", "加强")
_MATTERS: Final = (
    "期末考试",
    "校园安全",
    "招生宣传",
    "奖学金评定",
    "实习实训",
    "教材选用",
    "师德培训",
    "技能竞赛",
)
_KINDS: Final = ("通知", "公告", "方案", "名单", "简报", "公示")


def office_text(size: int) -> str:
    """Return about `size` bytes of paragraphs that an office publishes."""
    paragraphs = [
        paragraph["text"].replace("\n", " ")
        for name in ("drafts-web", "drafts-press")
        for line in _lines(ROOT / f"models/passage/corpus/{name}.jsonl")
        for paragraph in json.loads(line)["paragraphs"]
        if paragraph["label"] == "public"
    ]
    return _repeated(paragraphs, size)


def dense_text(size: int) -> str:
    """Return about `size` bytes full of the lexicons' words: their examples."""
    compiled = json.loads((ROOT / "lexicons/compiled.json").read_text("utf-8"))
    sentences = [
        f"{rule['scope']['because']}；{rule['scope']['suggestion']}，涉及"
        + "、".join(list(rule["terms"])[:6])
        + "。"
        for rule in compiled["rules"]
    ]
    return _repeated(sentences, size)


def words(count: int) -> list[str]:
    """Return `count` made-up words of three to five common characters."""
    source = sorted(
        {char for char in office_text(200_000) if "\u4e00" <= char <= "\u9fff"}
    )
    chooser = random.Random(_SEED)  # noqa: S311 - not for secrets
    made: set[str] = set()
    while len(made) < count:
        made.add("".join(chooser.choices(source, k=chooser.randint(3, 5))))
    return sorted(made)


def title(chance: random.Random, made_up: Sequence[str]) -> str:
    """Return an item's title as offices write them, with one of the made-up words."""
    return (
        f"关于{chance.choice(_ABOUT)}2026年{chance.choice(made_up)}"
        f"{chance.choice(_MATTERS)}工作的{chance.choice(_KINDS)}"
    )


def text_pdf(pages: int) -> bytes:
    """Return a dense text PDF (about 1,400 characters a page)."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415 - only this needs it
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - only this needs it
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415 - only this needs it
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only this needs it

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    lines = pdf_lines(pages)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in range(pages):
        canvas.setFont("STSong-Light", 12)
        for line in range(42):
            canvas.drawString(60, 790 - line * 17.5, lines[page * 42 + line])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def pdf_lines(pages: int) -> list[str]:
    """Return the lines of that PDF: 42 a page, of 36 characters."""
    text = office_text(pages * 4_800).replace("\n", "")
    starts = (at * 36 % (len(text) - 36) for at in range(pages * 42))
    return [text[at : at + 36] for at in starts]


def letter_pages(count: int) -> list[list[str]]:
    """Return the paragraphs of pages, each as full as an official letter's.

    That is 22 lines of 28 characters (GB/T 9704), 616 in all.
    """
    source = iter(office_text(count * 8_000).split("\n"))
    pages: list[list[str]] = []
    for _ in range(count):
        page: list[str] = []
        left = LETTERS_OF_A_PAGE
        while left > 0:
            paragraph = next(source)[:left]
            left -= len(paragraph)
            page.append(paragraph)
        pages.append(page)
    return pages


def roster(rows: int) -> list[tuple[str, ...]]:
    """Return the heads and so many rows of an invented list of students."""
    heads = ("序号", "姓名", "学号", "学院", "专业", "班级", "联系电话", "备注")
    colleges = ("信息工程学院", "经济管理学院", "艺术设计学院", "护理学院")
    return [
        heads,
        *(
            (
                f"{at}",
                f"{'张李王赵'[at % 4]}示例{at:04}",
                f"2026{at:06}",
                colleges[at % 4],
                f"示例专业{at % 12}",
                f"2026级{at % 6 + 1}班",
                f"138{at * 7:08}",
                "" if at % 5 else "已核对",
            )
            for at in range(1, rows + 1)
        ),
    ]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _repeated(paragraphs: list[str], size: int) -> str:
    chooser = random.Random(_SEED)  # noqa: S311 - not for secrets
    chosen: list[str] = []
    length = 0
    while length < size:
        paragraph = chooser.choice(paragraphs)
        chosen.append(paragraph)
        length += len(paragraph.encode()) + 1
    return "\n".join(chosen)
