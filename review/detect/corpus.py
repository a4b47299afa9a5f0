"""Reads the corpus that the classifier learns from, and published passages."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.errors import UsageError


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled passage of the corpus."""

    id: str
    text: str
    sensitive: bool
    category: str | None
    tier: str | None
    clauses: tuple[str, ...]
    family: str
    covert: bool
    title: str = ""
    draft: str = ""


def read_corpus(folder: Path) -> list[Example]:
    """Return passages and paragraphs of drafts, in order of file and line.

    Raises:
        UsageError: A line is not what the corpus README describes.
    """
    return [
        example
        for path in sorted(folder.glob("*.jsonl"))
        for example in read_corpus_file(path)
    ]


def read_corpus_file(path: Path) -> list[Example]:
    """Return the passages and paragraphs of one file, in order of line.

    Raises:
        UsageError: A line is not what the corpus README describes.
    """
    return [
        example
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if line.strip()
        for example in _examples(path, number, line)
    ]


def _examples(path: Path, number: int, line: str) -> list[Example]:
    try:
        raw = json.loads(line)
        if "paragraphs" not in raw:
            return [_example(raw, name=raw["id"], family=raw["family"])]
        return [
            _example(
                paragraph,
                name=f"{raw['id']}#{at}",
                family=raw["id"],
                title=raw["title"],
                draft=raw["id"],
            )
            for at, paragraph in enumerate(raw["paragraphs"], start=1)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}:{number}：语料格式不对（{error}）") from error


def _example(
    raw: dict[str, Any], *, name: str, family: str, title: str = "", draft: str = ""
) -> Example:
    return Example(
        id=name,
        text=raw["text"],
        sensitive={"sensitive": True, "public": False}[raw["label"]],
        category=raw["category"],
        tier=raw["tier"],
        clauses=tuple(raw["clauses"]),
        family=family,
        covert=not raw["overt"],
        title=title,
        draft=draft,
    )


def read_background(path: Path) -> list[str]:
    """Return published passages, used as harmless examples.

    Raises:
        UsageError: A line has no text.
    """
    texts: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            texts.append(json.loads(line)["text"])
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}:{number}：背景语料格式不对（{error}）") from error
    return texts
