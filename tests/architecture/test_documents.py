"""What documents name is there: files, commands, settings, metrics."""

import subprocess
import sys
from pathlib import Path

import pytest
import regex
import typer

from api.metrics import Meters
from review.cli.main import command_line
from review.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENTS = (
    "docs/threat-model.md",
    "docs/operations.md",
    "docs/手册/运维.md",
    "docs/decisions/0017-a-backup-is-rows-and-envelopes.md",
)
_PATH = regex.compile(
    r"`((?:review|api|worker|tests|docs|\.ci)/[\w./-]+|requirements\.lock)`"
)
_LINK = regex.compile(r"\]\((?!https?:)([^)#]+)\)")
_COMMAND = regex.compile(r"xianshen ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+(?:-[a-z]+)*))?\b")
_NO_SETTINGS = {"request_id", "max_connections", "synchronous_commit"}
_SETTING = regex.compile(r"`([a-z_]+)(?: = [^`]*)?`")


def _text(name: str) -> str:
    return (_ROOT / name).read_text("utf-8")


_EVERY = sorted(
    str(one.relative_to(_ROOT))
    for folder in (".", "docs", "docs/decisions", "docs/手册", "integrations/*")
    for one in _ROOT.glob(f"{folder}/*.md")
)


@pytest.mark.parametrize("name", _EVERY)
def test_every_file_that_is_named_is_there(name: str) -> None:
    text = _text(name)
    named = {*_PATH.findall(text)}
    linked = {(_ROOT / name).parent / one for one in _LINK.findall(text)}
    gone = [one for one in named if not (_ROOT / one).exists()]
    assert gone + [str(one) for one in linked if not one.exists()] == []


_HOW_TO = (
    _text("CONTRIBUTING.md").partition("## Where do I add")[2].partition("\n## ")[0]
)
_SHORT = regex.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|js|md|yaml|jsonl|sh))`")


def test_every_file_that_the_how_to_names_is_there() -> None:
    """Paths that begin below `review/` too; names with a placeholder are none."""
    named = _SHORT.findall(_HOW_TO)
    assert len(named) > 30
    roots = (_ROOT, _ROOT / "review", _ROOT / "review" / "service")
    gone = [one for one in named if not any((root / one).exists() for root in roots)]
    assert gone == []


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("review/detect/examine.py", "BESIDE_THE_CLASSIFIER"),
        ("review/detect/examine.py", "HEARD_BY_THE_CLASSIFIER"),
        ("review/detect/patterns.py", "MANNERS"),
        ("review/detect/identifiers.py", "_WORTH_A_LOOK"),
        ("review/sandbox/functions.py", "FUNCTIONS"),
        ("review/ledger/statement.py", "KINDS"),
        ("api/pages/admin.py", "SECTIONS"),
        ("api/pages/lexicons.py", "SECTIONS"),
        ("tests/golden/test_formats.py", "ENDINGS"),
        ("tests/pages/test_admin.py", "_SEEN"),
    ],
)
def test_every_register_that_the_how_to_names_is_there(file: str, name: str) -> None:
    assert f"`{name}`" in _HOW_TO
    assert regex.search(rf"^{name}\b", _text(file), regex.MULTILINE)


def test_files_are_named_at_all() -> None:
    assert {"README.md", *_DOCUMENTS} <= {*_EVERY}
    assert sum(len(_PATH.findall(_text(one))) for one in _EVERY) > 100


def test_every_decision_has_a_number_of_its_own() -> None:
    found = sorted((_ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(one.name[:4]) for one in found]
    assert numbers == list(range(1, len(found) + 1))
    for number, one in zip(numbers, found, strict=True):
        assert one.read_text("utf-8").startswith(f"# {number:04} "), one.name


def test_the_picture_of_the_rooms_follows_the_contracts() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, _ROOT / ".ci" / "rooms.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("name", _DOCUMENTS[1:3])
def test_every_command_that_is_named_is_there(name: str) -> None:
    commands = getattr(typer.main.get_command(command_line()), "commands", {})
    found = set(_COMMAND.findall(_text(name)))
    assert len(found) >= 10
    for first, second in found:
        assert first in commands, first
        inner = getattr(commands[first], "commands", None)
        assert inner is None or second in inner, (first, second)


@pytest.mark.parametrize("name", _DOCUMENTS[1:3])
def test_every_setting_that_is_named_is_there(name: str) -> None:
    found = _SETTING.findall(_text(name))
    named = {one for one in found if "_" in one and "xianshen_" not in one}
    assert len(named) > 4
    assert named - set(Settings.model_fields) - _NO_SETTINGS == set()


def test_every_metric_is_described() -> None:
    text = _text("docs/operations.md")
    ours = {
        one.name for one in Meters().registry.collect() if one.name.startswith("xian")
    }
    assert len(ours) >= 4
    for name in ours:
        assert name in text, name


def test_every_member_of_the_standing_figures_is_described() -> None:
    code = _text("api/metrics.py")
    named = set(regex.findall(r'"(xianshen_[a-z_]+)"', code))
    assert len(named) >= 9
    assert [
        one for one in sorted(named) if one not in _text("docs/operations.md")
    ] == []
