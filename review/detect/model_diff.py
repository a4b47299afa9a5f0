"""Compares two classifiers: their own figures, and what each makes of the same texts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from review.detect.classifier import Classifier, load_classifier
from review.detect.corpus import Example
from review.detect.examine import Examiner
from review.errors import ModelError
from review.normalize.passages import single_passage

METRICS_FILE: Final = "metrics.json"
# Tables by category or clause; too long to read side by side.
_TABLES: Final = "by_"
_POINT: Final = "point"


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A model as it lies in a folder: ready to judge, with the figures it came with."""

    classifier: Classifier
    figures: Mapping[str, float]

    @property
    def digest(self) -> str:
        """Return the digest that reports cite."""
        return self.classifier.digest

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the model says of itself."""
        return self.classifier.manifest


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both models; None where a model has none of that name."""

    name: str
    old: float | None
    new: float | None


@dataclass(frozen=True, slots=True)
class ModelDiff:
    """Two models side by side. `differs` names what they were made from otherwise."""

    old: ReadModel
    new: ReadModel
    figures: tuple[Figure, ...]
    differs: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Tell whether both are the same model."""
        return self.old.digest == self.new.digest


@dataclass(frozen=True, slots=True)
class LabelledDiff:
    """What the new model flags of labelled passages, and no longer flags.

    A passage gained that discloses is right, one that is harmless is wrong; lost,
    the other way round. `old` and `new` count what each flags.
    """

    passages: int
    disclosures: int
    old: "Tally"
    new: "Tally"
    gained_right: tuple[Example, ...] = ()
    gained_wrong: tuple[Example, ...] = ()
    lost_right: tuple[Example, ...] = ()
    lost_wrong: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many passages were flagged, and how many of them disclose."""

    flagged: int
    hits: int


def read_model(folder: Path) -> ReadModel:
    """Read a model with its figures.

    Raises:
        ModelError: It is missing, damaged, or not of this program's format.
    """
    try:
        classifier = load_classifier(folder)
    except ModelError as error:
        raise ModelError(
            f"{folder} 里没有这一版程序能用的分类模型：请核对文件夹，"
            "或用 xianshen model train 重新训练。"
        ) from error
    path = folder / METRICS_FILE
    figures: dict[str, float] = dict(_points(classifier.manifest))
    if path.is_file():
        try:
            metrics = json.loads(path.read_text("utf-8"))
            figures |= dict(_numbers("", metrics))
        except ValueError as error:
            raise ModelError(
                f"{path} 不是模型训练时写出的成绩，请重新训练。"
            ) from error
    return ReadModel(classifier, figures)


def compare_models(old: ReadModel, new: ReadModel) -> ModelDiff:
    """Return both models side by side, figures in the old one's order."""
    names = dict.fromkeys((*old.figures, *new.figures))
    return ModelDiff(
        old=old,
        new=new,
        figures=tuple(
            Figure(one, old.figures.get(one), new.figures.get(one)) for one in names
        ),
        differs=tuple(
            one
            for one in ("corpus", "lexicons", "background", "own")
            if old.manifest.get(one) != new.manifest.get(one)
        ),
    )


def compare_labelled(
    examples: Sequence[Example], old: Examiner, new: Examiner
) -> LabelledDiff:
    """Judge labelled passages by both; flagged is what needs a disposition."""
    judged = [(one, _flags(old, one), _flags(new, one)) for one in examples]

    def those(*, gained: bool, sensitive: bool) -> tuple[Example, ...]:
        return tuple(
            one
            for one, before, after in judged
            if before != after and after == gained and one.sensitive == sensitive
        )

    return LabelledDiff(
        passages=len(judged),
        disclosures=sum(one.sensitive for one in examples),
        old=_tally((one, before) for one, before, _ in judged),
        new=_tally((one, after) for one, _, after in judged),
        gained_right=those(gained=True, sensitive=True),
        gained_wrong=those(gained=True, sensitive=False),
        lost_right=those(gained=False, sensitive=False),
        lost_wrong=those(gained=False, sensitive=True),
    )


def _flags(examiner: Examiner, one: Example) -> bool:
    found = examiner.examine(single_passage(one.text, title=one.title)).findings
    return any(each.severity != "notice" for each in found)


def _tally(judged: Iterable[tuple[Example, bool]]) -> Tally:
    flagged = [one for one, flag in judged if flag]
    return Tally(len(flagged), sum(one.sensitive for one in flagged))


def _points(manifest: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the operating points, wherever the manifest keeps them."""
    for name, value in manifest.items():
        if _POINT in name:
            yield from _numbers(name, value)


def _numbers(name: str, value: object) -> Iterator[tuple[str, float]]:
    """Yield every number below, named by its way there."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if not str(key).startswith(_TABLES):
                yield from _numbers(f"{name}.{key}" if name else str(key), each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value
