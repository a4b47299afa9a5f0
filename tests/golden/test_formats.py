"""The format samples: each gives what its expectation says, and that is what was put in."""

import ctypes.util
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from review.extract.formats import FORMATS
from review.sandbox.convert import libreoffice
from tests.golden.making.catalogue import FOLDER, SAMPLES
from tests.golden.making.expected import (
    as_json,
    difference,
    document_of,
    errors,
    expectation_file,
)
from tests.golden.making.sample import KINDS, SEEN

INDEX = [
    json.loads(line)
    for line in (FOLDER / "index.jsonl").read_text("utf-8").splitlines()
]
# At least three files of each.
ENDINGS = (
    *("docx", "docm", "doc", "wps", "rtf", "odt", "xlsx", "xls", "et", "csv", "ods"),
    *("pptx", "ppt", "dps", "pdf", "ofd", "html", "mhtml", "eml", "msg", "txt", "md"),
    *("vcf", "ics"),
    *("png", "jpg", "tiff", "bmp", "webp", "zip", "7z", "rar", "tar"),
)
# Plain text has no place where anything could hide.
OPEN = {"csv", "txt", "md"}
# Nobody here writes Works documents; they are read through their conversion alone.
MISSING = {"wps"}
# Insertions stand in their paragraph too, and files inside are read as documents.
SEEN_TOO = SEEN | {
    "tracked insertion",
    "attachment",
    "embedded object",
    "data behind the end",
}
LARGEST = 4 * 1024 * 1024


def _slow(entry: Mapping[str, Any]) -> Any:
    marks = [pytest.mark.slow] if entry["needs"] else []
    return pytest.param(entry, id=entry["file"], marks=marks)


@pytest.mark.parametrize("entry", [_slow(one) for one in INDEX])
def test_what_is_read_is_what_was_expected(entry: dict[str, Any]) -> None:
    _skip_without_programs(entry)
    file = FOLDER / entry["file"]
    expected = json.loads(expectation_file(file).read_text("utf-8"))

    actual = as_json(document_of(file, entry["needs"]))

    differs = difference(actual, expected)
    assert not differs, f"\n{differs}"


def _skip_without_programs(entry: Mapping[str, Any]) -> None:
    office = libreoffice()
    writer = office is not None and (office / "libswlo.so").exists()
    if "conversion" in entry["needs"] and not writer:
        pytest.skip("LibreOffice with Writer is not installed")
    packed = entry["file"].split("/")[0] in {"7z", "rar"}
    if packed and ctypes.util.find_library("archive") is None:
        pytest.skip("libarchive is not installed")


@pytest.mark.parametrize("entry", INDEX, ids=lambda one: one["file"])
def test_the_expectation_holds_what_was_put_into_the_file(
    entry: dict[str, Any],
) -> None:
    """A text that its maker shows is seen, and each that it hides is found hidden."""
    file = FOLDER / entry["file"]
    expected = json.loads(expectation_file(file).read_text("utf-8"))
    seen = "\n".join(
        _bare(one["text"]) for one in expected["blocks"] if not one.get("hidden")
    )
    unseen = [text for text in entry["shows"] if _bare(text) not in seen]
    assert unseen == []
    for kind, text in entry["hides"].items():
        assert _holds(expected, kind, text), (kind, text)
        assert kind in SEEN_TOO or _bare(text) not in seen, (kind, "is seen too")


def _holds(expected: Mapping[str, Any], kind: str, text: str) -> bool:
    """Tell whether a text stands where things of its kind stand."""
    how = KINDS[kind]
    for block in expected["blocks"]:
        if _bare(text) not in _bare(block["text"]):
            continue
        if how == "inside" and "path" in block["where"]:
            return True
        if how == "hidden" and block.get("hidden"):
            return True
        if how == block["where"]["part"] and (kind in SEEN) != block.get(
            "hidden", False
        ):
            return True
    return False


def _bare(text: str) -> str:
    return "".join(text.split())


def test_every_file_has_its_expectation_and_its_line_and_nothing_else_is_here() -> None:
    files = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    named = [one["file"] for one in INDEX]
    assert len(named) == len(set(named))
    wanted = {name for one in named for name in (one, f"{one}.expected.json")}
    assert files - {"index.jsonl", "README.md"} == wanted
    assert sum((FOLDER / name).stat().st_size for name in files) < LARGEST


def test_the_index_says_what_the_makers_say() -> None:
    made = [
        (one.file, one.about, list(one.shows), dict(one.hides), list(one.needs))
        for one in SAMPLES
    ]
    keys = ("file", "about", "shows", "hides", "needs")
    assert [tuple(one[key] for key in keys) for one in INDEX] == made


def test_every_format_has_its_files() -> None:
    folders = Counter(one["file"].split("/")[0] for one in INDEX)
    assert [one for one in ENDINGS if folders[one] < 3] == []
    with_hidden = {one["file"].split("/")[0] for one in INDEX if one["hides"]}
    assert set(ENDINGS) - with_hidden == OPEN
    read = {
        json.loads(expectation_file(FOLDER / one["file"]).read_text("utf-8"))["format"]
        for one in INDEX
    }
    assert {one.format for one in FORMATS} - read == MISSING


def test_every_hidden_kind_has_its_file() -> None:
    assert {kind for one in INDEX for kind in one["hides"]} == set(KINDS)


def test_a_wrong_block_is_told_and_recognition_may_err_a_little() -> None:
    read = {
        "text": "云山职业学院文件二零二六年第十八号关于开学工作的通知",
        "where": {"part": "image"},
    }
    read["detail"] = "图片文字识别"
    plain = {"text": "正文", "where": {"part": "body"}}
    one = {"format": "png", "blocks": [plain, read], "gaps": []}
    near = {**read, "text": str(read["text"]).replace("零", "五", 1) + " "}
    far = {**read, "text": "云山"}
    assert difference({**one, "blocks": [plain, near]}, one) == ""
    assert "wrong" in difference({**one, "blocks": [plain, far]}, one)
    assert "wrong" in difference({**one, "blocks": [plain]}, one)
    other = {**plain, "hidden": True}
    assert '+{"text": "正文"' in difference({**one, "blocks": [other, read]}, one)
    assert errors("abcd", "abd") == 1
