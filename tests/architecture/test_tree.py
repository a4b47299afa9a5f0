"""The tree keeps its shape: sizes, names, and what must be registered."""

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex
import typer

from review.cli.main import command_line
from review.detect.examine import BESIDE_THE_CLASSIFIER, HEARD_BY_THE_CLASSIFIER
from review.extract.endings import ENDINGS
from review.extract.formats import FORMATS
from review.normalize.steps import STEPS

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("review", "worker", "api")
_LONGEST_MODULE = 400
_LONGEST_FUNCTION = 40
_LONGEST_QUOTE = 20
_SHORTEST_REASON = 4

_TOP_LEVEL = {
    "pyproject.toml",
    "review",
    "lexicons",
    "models",
    "worker",
    "api",
    "tests",
    "sample_docs",
    "README.md",
    "Makefile",
    "docs",
    ".ci",
    "requirements.lock",
    "LICENSE",
    "CHANGELOG.md",
    "README.zh-CN.md",
    ".gitignore",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "benchmarks",
    "integrations",
    "deploy",
}


def _modules(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (_ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts and "_data" not in path.parts
    )


def _named(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", _modules(*_PACKAGES), ids=_named)
def test_modules_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= _LONGEST_MODULE
    long = {
        one.name: _length(one)
        for one in _functions(path)
        # a command's options are its interface, not its work
        if _length(one) > _LONGEST_FUNCTION and not _is_command(path, one)
    }
    assert long == {}


def _is_command(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = function.body[-1].end_lineno or 0
    return (
        path.parent.name == "cli"
        and body - function.body[0].lineno + 1 <= _LONGEST_FUNCTION
    )


# The codes, then the reason: after a hyphen, or as a comment of its own.
_WAIVER = regex.compile(
    r"#\s*(?:ruff:\s*)?(?:noqa(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?"
    r"|type:\s*ignore(?:\[[a-z, -]+\])?)"
)


def _reason(line: str) -> str:
    """Return what a line says after its waivers' codes."""
    last = list(_WAIVER.finditer(line))[-1]
    return line[last.end() :].strip(" -#")


@pytest.mark.parametrize("path", _modules(*_PACKAGES, "tests"), ids=_named)
def test_every_waiver_carries_a_reason(path: Path) -> None:
    if path == Path(__file__):
        return
    bare = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if _WAIVER.search(line) and len(_reason(line)) < _SHORTEST_REASON
    ]
    assert bare == []


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x = 1  # noqa: S101", "x  # type: ignore[arg-type]"]
)
def test_a_waiver_without_reason_would_be_seen(line: str) -> None:
    assert _WAIVER.search(line)
    assert len(_reason(line)) < _SHORTEST_REASON


def test_no_package_imports_in_its_init() -> None:
    for path in _modules(*_PACKAGES):
        if path.name == "__init__.py":
            nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
            assert not any(
                isinstance(node, ast.Import | ast.ImportFrom) for node in nodes
            ), _named(path)
            assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), _named(path)


def test_the_top_level_holds_only_what_is_prescribed() -> None:
    if not (_ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing says what belongs to it")
    ignored = {
        line.strip("/\n")
        for line in (_ROOT / ".gitignore").read_text("utf-8").splitlines()
    }
    standing = {path.name for path in _ROOT.iterdir()} - {".git"} - ignored
    assert standing - _TOP_LEVEL == set()
    assert {"pyproject.toml", "review", "lexicons", "models", "tests"} <= standing


def test_every_sample_is_described_and_every_description_has_its_file() -> None:
    folder = _ROOT / "sample_docs"
    entries = [
        json.loads(line)
        for line in (folder / "index.jsonl").read_text("utf-8").splitlines()
        if line.strip()
    ]
    named = [one["file"] for one in entries]
    assert len(named) == len(set(named))
    files = {
        path.relative_to(folder).as_posix()
        for path in folder.iterdir()  # those of formats/ have an index of their own
        if path.is_file() and not path.name.startswith(("README", "~$", "."))
    } - {"index.jsonl"}
    assert set(named) == files


def test_every_format_is_registered() -> None:
    """What recognizes bytes is in the list; nothing stands there twice."""
    names = [one.format for one in FORMATS]
    assert len(names) == len(set(names))
    at_work = {(type(one).__module__, type(one).__name__) for one in FORMATS}
    written = _classes("review/extract", "recognizes", "extract")
    assert written - {("review.extract.interface", "Extractor")} == at_work


def _classes(folder: str, *methods: str) -> set[tuple[str, str]]:
    """Return module and name of every class with these methods."""
    return {
        (".".join(path.relative_to(_ROOT).with_suffix("").parts), node.name)
        for path in _modules(folder)
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
        and {*methods}
        <= {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    }


def test_every_detector_is_at_work() -> None:
    """What has `detect` is asked; nothing is asked twice."""
    asked = (*HEARD_BY_THE_CLASSIFIER, *BESIDE_THE_CLASSIFIER)
    at_work = {(type(one).__module__, type(one).__name__) for one in asked}
    assert len(at_work) == len(asked)
    # The promise itself, and the scope lists, which the examiner asks with its lexicon.
    others = {
        ("review.detect.interface", "Detector"),
        ("review.detect.scopes", "ScopeDetector"),
    }
    assert _classes("review/detect", "detect") - others == at_work


def test_every_format_has_its_endings_and_the_handbook_names_them() -> None:
    assert set(ENDINGS) == {one.format for one in FORMATS}
    every = [ending for each in ENDINGS.values() for ending in each]
    assert len(every) == len(set(every))
    handbook = (_ROOT / "docs/手册/扫描.md").read_text("utf-8").lower()
    told = handbook.partition("能读的格式")[2].partition("按内容认")[0]
    named = set(regex.findall("[a-z0-9]+", told))
    assert [each[0] for each in ENDINGS.values() if each and each[0] not in named] == []


def test_every_folding_step_is_at_work() -> None:
    at_work = {step.__module__.rsplit(".", 1)[-1] for step in STEPS}
    modules = {path.stem for path in _modules("review/normalize")}
    others = {"__init__", "interface", "offsets", "passages", "segment", "steps"}
    assert modules - others == at_work


def _commands() -> list[str]:
    root = typer.main.get_command(command_line())
    found: list[str] = []
    for name, command in getattr(root, "commands", {}).items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {one}" for one in inner] if inner else [name]
    return found


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    readme = (_ROOT / "README.md").read_text("utf-8")
    first, _, second = command.partition(" ")
    assert f"xianshen {first}" in readme
    if second:
        assert regex.search(rf"xianshen {first}\b[^\n]*\b{second}\b", readme)


def _runs(text: str) -> set[str]:
    plain = "".join(text.split())
    return {
        plain[at : at + _LONGEST_QUOTE] for at in range(len(plain) - _LONGEST_QUOTE + 1)
    }


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            raw = json.loads(line)
            for one in raw.get("paragraphs", [raw]):
                yield one["text"]


def test_the_corpus_quotes_nothing_from_the_evaluation_data() -> None:
    named = os.environ.get("XIANSHEN_TEST_EVAL")  # noqa: TID251 - names a folder outside
    if not named or not Path(named).is_dir():
        pytest.skip("XIANSHEN_TEST_EVAL names no folder")
    evaluation: set[str] = set()
    for path in sorted(Path(named).glob("*_dev.jsonl")):
        for text in _texts(path):
            evaluation |= _runs(text)
    assert evaluation
    shared = [
        (path.name, min(both))
        for path in sorted((_ROOT / "models/passage/corpus").glob("*.jsonl"))
        for text in _texts(path)
        if (both := _runs(text) & evaluation)
    ]
    assert shared == []
