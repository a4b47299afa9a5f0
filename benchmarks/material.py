"""What the benchmarks run on: made here from the project's own files, seeded."""

import io
import json
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SEED = 20261122


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


def text_pdf(pages: int) -> bytes:
    """Return a dense text PDF (about 1,400 characters a page)."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415 - only this needs it
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - only this needs it
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415 - only this needs it
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only this needs it

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    text = office_text(pages * 4_800).replace("\n", "")
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in range(pages):
        canvas.setFont("STSong-Light", 12)
        for line in range(42):
            start = (page * 42 + line) * 36 % (len(text) - 36)
            canvas.drawString(60, 790 - line * 17.5, text[start : start + 36])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


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
