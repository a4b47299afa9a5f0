"""An office's own labelled passages, which a model of its own learns from besides the corpus.

`xianshen model export` writes them, a line each, in the corpus's format. They are
read strictly: what is wrong is told by file and line, and never quoted, since the
text is a draft's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from review import digests
from review.detect.corpus import Example
from review.detect.interface import Category, Tier
from review.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from review.detect.features import PassageSignals

# What a passage of the office's own weighs beside one of the corpus: twice. It is
# real text of the very kind that the model will meet, where the corpus is invented;
# more would let a few hundred of them, all taken from what one office's machine
# flagged or missed and each labelled by one decision that may err, speak louder
# than the look-alikes of the corpus.
OWN_WEIGHT: Final = 2.0

_LONGEST: Final = 5_000
_SHOWN: Final = 5
_FIELDS: Final = (
    "id",
    "text",
    "label",
    "category",
    "tier",
    "clauses",
    "overt",
    "family",
)
_LABELS: Final = ("sensitive", "public")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file of passages: its digest, and how many it brought in."""

    digest: str
    passages: int


@dataclass(frozen=True, slots=True)
class OwnPassages:
    """The passages of all files, each once, with the signals that are learned from."""

    examples: Sequence[Example] = ()
    signals: Sequence[PassageSignals] = ()
    files: tuple[OwnFile, ...] = ()

    def provenance(self) -> dict[str, Any]:
        """Return what the manifest says of them; nothing where there are none."""
        if not self.examples:
            return {}
        return {
            "own": {
                "passages": len(self.examples),
                "weight": OWN_WEIGHT,
                "files": [
                    {"digest": one.digest, "passages": one.passages}
                    for one in self.files
                ],
            }
        }

    def metrics(self, probabilities: Sequence[float], point: float) -> dict[str, Any]:
        """Return how a model that did not see their families judges them.

        Nothing where there are none.
        """
        if not self.examples:
            return {}
        flagged = [one >= point for one in probabilities]
        pairs = list(zip(self.examples, flagged, strict=True))
        right = [flag for one, flag in pairs if one.sensitive]
        wrong = [flag for one, flag in pairs if not one.sensitive]
        return {
            "own": {
                "passages": len(pairs),
                "disclosures": len(right),
                "recall": _share(right),
                "false_flag_rate": _share(wrong),
            }
        }


NO_PASSAGES: Final = OwnPassages()


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, and where it stands."""

    place: str
    example: Example


def read_own(paths: Sequence[Path]) -> tuple[list[Example], tuple[OwnFile, ...]]:
    """Read the files in the order given; a passage that comes again is taken once.

    Raises:
        UsageError: A line is not what the corpus README describes, or two lines
            contradict each other; file and line are named.
    """
    problems: list[str] = []
    kept: dict[str, _Line] = {}
    ids: dict[str, _Line] = {}
    files: list[OwnFile] = []
    for path in paths:
        data = _bytes(path)
        before = len(kept)
        for line in _lines(path, data, problems):
            problem = _clash(line, kept, ids)
            if problem is not None:
                problems.append(problem)
            ids.setdefault(line.example.id, line)
            kept.setdefault(_folded(line.example), line)
        files.append(OwnFile(digests.of_bytes(data), len(kept) - before))
    if problems:
        more = len(problems) - _SHOWN
        rest = f"；另有 {more} 处" if more > 0 else ""
        raise UsageError(f"本单位样本有误：{'；'.join(problems[:_SHOWN])}{rest}")
    if not kept:
        raise UsageError("本单位样本文件里没有一段样本，请核对文件。")
    return [one.example for one in kept.values()], tuple(files)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"找不到样本文件：{path}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"样本文件 {path} 读不出来（{error.strerror}），请检查权限后重试。"
        ) from error


def _lines(path: Path, data: bytes, problems: list[str]) -> Iterator[_Line]:
    """Yield the lines that are in order; of the others, say what is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(f"{path} 不是 UTF-8 编码，请另存为 UTF-8")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            raw = json.loads(line)
        except ValueError:
            problems.append(f"{place} 不是一个 JSON 对象")
            continue
        problem = _problem(raw)
        if problem is None:
            yield _Line(place, _example(raw))
        else:
            problems.append(f"{place} {problem}")


def _problem(raw: object) -> str | None:
    """Return what is wrong with a line, in Chinese; None if nothing is."""
    if not isinstance(raw, dict):
        return "不是一个 JSON 对象"
    missing = [name for name in _FIELDS if name not in raw]
    if missing:
        return f"缺少 {'、'.join(missing)}"
    checks = (
        (_is_text(raw["id"]), "id 应为不空的文字"),
        (_is_text(raw["text"]), "text 应为不空的文字"),
        (
            not isinstance(raw["text"], str) or len(raw["text"]) <= _LONGEST,
            f"text 超过 {_LONGEST} 字，请分段",
        ),
        (raw["label"] in _LABELS, "label 只能是 sensitive 或 public"),
        (_is_text(raw["family"]), "family 应为不空的文字"),
        (isinstance(raw["overt"], bool), "overt 只能是 true 或 false"),
        (_are_texts(raw["clauses"]), "clauses 应为文字的列表，没有时写 []"),
        (
            isinstance(raw.get("title", ""), str),
            "title 应为文字",
        ),
    )
    wrong = next((said for right, said in checks if not right), None)
    return wrong or _unlike_its_label(raw)


def _unlike_its_label(raw: Mapping[str, Any]) -> str | None:
    categories, tiers = get_args(Category), get_args(Tier)
    if raw["category"] not in (*categories, None):
        return "category 不是语料说明里的类别"
    if raw["label"] == "public":
        wrong = raw["tier"] is not None or raw["clauses"]
        return "是 public，tier 应为 null，clauses 应为 []" if wrong else None
    if raw["category"] is None:
        return "是 sensitive，应写明 category"
    if raw["tier"] not in tiers:
        return f"是 sensitive，tier 只能是 {'、'.join(tiers)}"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _example(raw: Mapping[str, Any]) -> Example:
    return Example(
        id=raw["id"],
        text=raw["text"],
        sensitive=raw["label"] == "sensitive",
        category=raw["category"],
        tier=raw["tier"],
        clauses=tuple(raw["clauses"]),
        family=raw["family"],
        covert=not raw["overt"],
        title=raw.get("title", ""),
    )


def _clash(
    line: _Line, kept: Mapping[str, _Line], ids: Mapping[str, _Line]
) -> str | None:
    same = kept.get(_folded(line.example))
    if same is not None and same.example.sensitive != line.example.sensitive:
        return f"{line.place} 与 {same.place} 是同一段文字，label 却不同，请定一个"
    named = ids.get(line.example.id)
    if named is not None and _folded(named.example) != _folded(line.example):
        return f"{line.place} 与 {named.place} 的 id 相同，文字却不同"
    return None


def _folded(example: Example) -> str:
    """Return the words alone: however they are broken into lines, it is one passage."""
    return "".join(example.text.split())
