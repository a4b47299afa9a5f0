"""Reads labelled data: passages, whole drafts, identifier cases."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.errors import UsageError


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled passage, or one paragraph of a labelled draft."""

    id: str
    text: str
    sensitive: bool
    category: str | None
    tier: str | None
    clauses: tuple[str, ...]
    overt: bool
    variant: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabelledDraft:
    """A draft with its paragraphs; a lone passage is a draft of one."""

    id: str
    title: str
    channel: str
    paragraphs: tuple[Labelled, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class IdentifierCase:
    """A text with the values that should, or should not, be taken as valid."""

    id: str
    kind: str
    text: str
    expected: tuple[tuple[str, str, bool], ...]


def read_labelled(
    paths: Iterable[Path],
) -> tuple[list[LabelledDraft], list[IdentifierCase]]:
    """Read any of the three formats, told apart by their fields.

    Raises:
        UsageError: A line is of none of them.
    """
    drafts: list[LabelledDraft] = []
    cases: list[IdentifierCase] = []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"找不到文件：{path}")
        for number, line in enumerate(_lines(path), start=1):
            if not line.strip():
                continue
            raw = _parsed(line, path, number)
            if "expected" in raw:
                cases.append(_case(raw))
            else:
                drafts.append(_draft(raw))
    return drafts, cases


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} 不是 UTF-8 编码，请另存为 UTF-8 后重试") from error


def _parsed(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{path}:{number}：不是 JSON") from error
    known = isinstance(raw, dict) and (
        "paragraphs" in raw or ("text" in raw and ("label" in raw or "expected" in raw))
    )
    if not known:
        raise UsageError(
            f"{path}:{number}：看不出标注（需要 label、paragraphs 或 expected）"
        )
    return dict(raw)


def _draft(raw: dict[str, Any]) -> LabelledDraft:
    alone = "paragraphs" not in raw
    paragraphs = [raw] if alone else raw["paragraphs"]
    return LabelledDraft(
        id=str(raw.get("id")),
        title=raw.get("title") or "",
        channel=raw.get("channel") or "",
        paragraphs=tuple(
            _labelled(one, f"{raw.get('id')}" if alone else f"{raw.get('id')}#{at}")
            for at, one in enumerate(paragraphs, start=1)
        ),
        alone=alone,
    )


def _labelled(raw: dict[str, Any], name: str) -> Labelled:
    return Labelled(
        id=name,
        text=raw["text"],
        sensitive=raw["label"] == "sensitive",
        category=raw.get("category"),
        tier=raw.get("tier"),
        clauses=tuple(raw.get("clauses") or ()),
        overt=bool(raw.get("overt")),
        variant=raw.get("variant") or "plain",
        note=raw.get("note") or "",
    )


def _case(raw: dict[str, Any]) -> IdentifierCase:
    return IdentifierCase(
        id=str(raw.get("id")),
        kind=str(raw.get("type")),
        text=raw["text"],
        expected=tuple(
            (one["type"], one["value"], bool(one["valid"])) for one in raw["expected"]
        ),
    )
