"""The manual's chapters and their pictures belong together; so does what is borrowed."""

import hashlib
from pathlib import Path

import regex

_MANUAL = Path(__file__).parents[2] / "docs" / "手册"
_VENDOR = Path(__file__).parent / "vendor"
_LARGEST = 150 * 1024


def test_every_picture_is_named_and_small() -> None:
    named = {
        name
        for chapter in _MANUAL.glob("*.md")
        for name in regex.findall(r"!\[[^\]]+\]\((图/[^)]+)\)", chapter.read_text())
    }
    there = {f"图/{one.name}" for one in (_MANUAL / "图").iterdir()}
    assert named == there
    assert all(one.stat().st_size <= _LARGEST for one in (_MANUAL / "图").iterdir())


def test_what_is_taken_from_others_is_unchanged() -> None:
    told = (_VENDOR / "README.md").read_text("utf-8")
    held = hashlib.sha256((_VENDOR / "axe.min.js").read_bytes()).hexdigest()
    assert held in told
