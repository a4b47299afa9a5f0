"""Measures detection on labelled data that lies outside, beside what it is compared with.

XIANSHEN_TEST_EVAL names a folder with `passages_dev.jsonl`, `drafts_dev.jsonl` and
`identifiers.jsonl`; nothing of it is trained on or kept. Without it there is no figure.
Every figure has the interval that holds 95 % of its values when drafts are drawn anew.

    XIANSHEN_TEST_EVAL=FOLDER python -m benchmarks.detection
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import resampled as how
from benchmarks.rows import Row, left_out
from review.evaluation.data import LabelledDraft, read_labelled
from review.evaluation.drafts import Judged
from review.evaluation.identifiers import measure_identifiers
from review.evaluation.judge import METHODS, Judge
from review.evaluation.shares import share_of
from review.pipeline import Scanner
from review.resources import passage_model_folder

_FOLDER: Final = "XIANSHEN_TEST_EVAL"
_PASSAGES, _DRAFTS, _NUMBERS = (
    "passages_dev.jsonl",
    "drafts_dev.jsonl",
    "identifiers.jsonl",
)
_METHODS: Final = {
    "both": "the whole",
    "classifier": "classifier alone",
    "rules": "rules alone",
    "keywords": "keywords",
}
# Of the whole, on passages that stand alone: the name, the figure, what was asked for.
_OF_PASSAGES: Final = (
    ("precision", how.precision, ">= 0.92"),
    ("recall", how.recall, ">= 0.95"),
    ("covert recall", how.covert_recall, ">= 0.92"),
    ("average precision", how.average, ">= 0.98"),
    ("F1", how.f1, ""),
    ("false flags among look-alikes", how.false_flags, ""),
)


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows() -> list[Row]:
    """Return all of it for the table of figures; what is left out says why."""
    folder = os.environ.get(_FOLDER)  # noqa: TID251 - names a folder outside
    if not folder or not Path(folder).is_dir():
        why = f"{_FOLDER} names no folder of labelled data"
        return [*left_out("detection on labelled data", why), *_published()]
    scanner = Scanner()
    judge = Judge(scanner.examiner)
    alone, drafts = (
        _judged(judge, Path(folder, name)) for name in (_PASSAGES, _DRAFTS)
    )
    return [
        *_of_passages(alone),
        *_of_drafts(drafts),
        *_of_all([*alone, *drafts]),
        *_of_identifiers(alone, Path(folder, _NUMBERS)),
        *_published(),
        *_by_category(alone),
    ]


def _judged(judge: Judge, file: Path) -> list[Judged]:
    drafts: Sequence[LabelledDraft] = read_labelled([file])[0]
    return [(one, judge.judge(one)) for one in drafts]


def _row(
    name: str, sample: how.Sample, figure: how.Figure, wanted: str, baseline: str = ""
) -> Row:
    found, interval = how.with_interval(sample, figure)
    if found is None:
        return left_out(name, "there is nothing of the kind in the data")[0]
    return Row(name, f"{found:.3f}", wanted, baseline, interval)


def _of_passages(alone: Sequence[Judged]) -> Iterator[Row]:
    sample = how.sample_of(alone, METHODS)
    for name, figure, wanted in _OF_PASSAGES:
        others = "; ".join(
            f"{word} {value:.3f}"
            for method, word in _METHODS.items()
            if method != "both" and (value := figure(method)(sample)) is not None
        )
        yield _row(f"passages: {name}", sample, figure(), wanted, others)
    gain = how.f1_gain()
    yield _row("passages: F1 above that of keywords", sample, gain, ">= 0.25")
    accuracy = how.category_accuracy()
    yield _row("passages: category of true findings", sample, accuracy, ">= 0.88")


def _of_drafts(drafts: Sequence[Judged]) -> Iterator[Row]:
    sample = how.sample_of(drafts, METHODS)
    keywords = how.false_flags("keywords")(sample)
    found = how.recall("keywords")(sample)
    leaking, clean = how.drafts_flagged(leaking=True), how.drafts_flagged(leaking=False)
    count = f"{len(drafts)} drafts, {len(sample.labels)} paragraphs"
    yield _row("drafts: leaking ones flagged", sample, leaking, "= 1", count)
    yield _row("drafts: clean ones flagged", sample, clean, "", count)
    for name, figure, wanted, beside in (
        ("leaking paragraphs found", how.recall(), ">= 0.95", found),
        ("public paragraphs flagged", how.false_flags(), "<= 0.04", keywords),
        (
            "average precision",
            how.average(),
            ">= 0.98",
            how.average("keywords")(sample),
        ),
        ("category of true findings", how.category_accuracy(), ">= 0.88", None),
    ):
        baseline = "" if beside is None else f"keywords {beside:.3f}"
        yield _row(f"drafts: {name}", sample, figure, wanted, baseline)


def _of_all(every: Sequence[Judged]) -> Iterator[Row]:
    sample = how.sample_of(every, METHODS)
    count = f"{len(sample.labels)} passages and paragraphs"
    yield _row("together: F1", sample, how.f1(), "", count)
    gain = how.f1_gain()
    yield _row("together: F1 above that of keywords", sample, gain, ">= 0.25", count)
    others = f"keywords {how.average('keywords')(sample) or 0:.3f}"
    yield _row("together: average precision", sample, how.average(), ">= 0.92", others)


def _of_identifiers(alone: Sequence[Judged], file: Path) -> Iterator[Row]:
    some = [
        one
        for one in alone
        if any(
            each.category == "marking" or each.variant == "identifier"
            for each in one[0].paragraphs
        )
    ]
    sample, count = how.sample_of(some, METHODS), f"{len(some)} passages"
    name = "passages with markings or identifiers"
    yield _row(f"{name}: recall", sample, how.recall(), ">= 0.99", count)
    yield _row(f"{name}: precision", sample, how.precision(), ">= 0.98", count)
    if not file.is_file():
        yield from left_out("identifiers", f"no {_NUMBERS} in the folder")
        return
    found = measure_identifiers(read_labelled([file])[1])["all"]
    valid = found["valid"]
    hits = round(found["recall"] * valid)
    told = round(hits / found["precision"])
    for what, whole, wanted in (("recall", valid, 0.99), ("precision", told, 0.98)):
        yield _counted(f"identifiers: {what}", hits, whole, f">= {wanted}")


def _counted(name: str, part: int, whole: int, wanted: str) -> Row:
    share = share_of(part, whole)
    low, high = share["interval"]
    between = f"{low:.3f}–{high:.3f}"
    return Row(name, f"{part / whole:.3f}", wanted, f"{part} of {whole}", between)


def _published() -> list[Row]:
    """Return the model's own estimates on published passages, from its training."""
    metrics = json.loads((passage_model_folder() / "metrics.json").read_text("utf-8"))
    background = metrics["background"]
    rate, count = background["false_flag_rate"], background["passages"]
    if rate is None:
        name = "published passages flagged for review"
        return left_out(name, "the model was trained without published passages")
    name = "published passages flagged for review, held out of training"
    blocked = left_out(
        "published passages held for block",
        "training keeps that figure of the corpus alone",
    )
    return [_counted(name, round(rate * count), count, "<= 0.03"), *blocked]


def _by_category(alone: Sequence[Judged]) -> Iterator[Row]:
    names = sorted({str(one.paragraphs[0].category) for one, _ in alone})
    for name in names:
        own = [one for one in alone if one[0].paragraphs[0].category == name]
        sample = how.sample_of(own, METHODS)
        told = int(sample.labels.sum())
        recall, wrong = how.recall()(sample), how.false_flags()(sample)
        keywords = how.recall("keywords")(sample), how.false_flags("keywords")(sample)
        yield Row(
            f"category {name}: recall / false flags",
            f"{_of(recall)} / {_of(wrong)}",
            "",
            f"keywords {_of(keywords[0])} / {_of(keywords[1])}; "
            f"{told} disclosures, {len(own) - told} look-alikes",
        )


def _of(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"


if __name__ == "__main__":
    main()
