"""`xianshen clean`: writes a copy or says why not, and never touches the original."""

import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document

pytestmark = pytest.mark.slow

HIDDEN = "藏着的话"
SHOWN = "云山职业学院关于放假的通知"


def draft(folder: Path) -> Path:
    document = Document()
    document.add_paragraph(SHOWN)
    run = document.paragraphs[0].add_run(HIDDEN)
    run.font.hidden = True
    document.core_properties.author = "张示例"
    document.core_properties.comments = HIDDEN
    file = folder / "通知.docx"
    document.save(str(file))
    return file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "review.cli.main", "clean", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},  # noqa: TID251 - a child's
    )


def whole(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def test_a_copy_is_written_and_what_went_is_told_without_its_words(
    tmp_path: Path,
) -> None:
    file, out = draft(tmp_path), tmp_path / "copy.docx"
    before = file.read_bytes()
    done = run(file, "-o", out)
    assert done.returncode == 0, done.stderr
    assert HIDDEN not in whole(out.read_bytes())
    assert "张示例" not in whole(out.read_bytes())
    assert SHOWN in whole(out.read_bytes())
    assert "隐藏文字：1 处（正文）" in done.stdout
    assert "文件属性" in done.stdout
    assert f"可见文字 {len(SHOWN)} 字与原件一致" in done.stdout
    assert HIDDEN not in done.stdout + done.stderr
    assert file.read_bytes() == before
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.docx", "通知.docx"]


def test_what_went_as_json(tmp_path: Path) -> None:
    out = tmp_path / "copy.docx"
    done = run(draft(tmp_path), "--json", "-o", out)
    told = json.loads(done.stdout)
    assert told["format"] == "docx"
    assert told["characters"] == len(SHOWN)
    assert told["bytes"] == out.stat().st_size
    assert {"kind": "隐藏文字", "place": "正文", "count": 1} in told["removed"]


@pytest.mark.parametrize("there", ["a file", "a link"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    file, out = draft(tmp_path), tmp_path / "copy.docx"
    if there == "a file":
        out.write_text("mine")
    else:
        out.symlink_to(tmp_path / "nowhere.docx")
    done = run(file, "-o", out)
    assert done.returncode == 2
    assert "已经存在" in done.stderr
    assert not (tmp_path / "nowhere.docx").exists()
    assert there == "a link" or out.read_text() == "mine"


@pytest.mark.parametrize("way", ["the same name", "a link", "a second name"])
def test_the_original_cannot_be_the_copy(tmp_path: Path, way: str) -> None:
    file = draft(tmp_path)
    before, out = file.read_bytes(), tmp_path / "b.docx"
    if way == "the same name":
        out = tmp_path / "." / "通知.docx"
    elif way == "a link":
        out.symlink_to(file)
    else:
        out.hardlink_to(file)
    done = run(file, "-o", out)
    assert done.returncode == 2
    assert "就是原件" in done.stderr
    assert file.read_bytes() == before


def test_names_with_spaces_and_names_as_long_as_they_get(tmp_path: Path) -> None:
    file = draft(tmp_path).rename(tmp_path / "关于 放假 的通知 (1).docx")
    out = tmp_path / f"公开 版 {'长' * 79}.docx"
    done = run(file, "-o", out)
    assert done.returncode == 0, done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {file.name, out.name}


def test_folders_are_told_from_files(tmp_path: Path) -> None:
    file, folder = draft(tmp_path), tmp_path / "folder.docx"
    folder.mkdir()
    done = run(folder, "-o", tmp_path / "a.docx")
    assert done.returncode == 2
    assert "是文件夹" in done.stderr
    done = run(file, "-o", folder)
    assert done.returncode == 2
    assert str(folder / "通知.docx") in done.stderr
    assert list(folder.iterdir()) == []


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.docx"
    os.mkfifo(pipe)
    done = run(pipe, "-o", tmp_path / "a.docx")
    assert done.returncode == 2
    assert "不是普通文件" in done.stderr


@pytest.mark.parametrize("what", ["original", "folder"])
def test_missing_permission_is_told_in_chinese(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("nothing is forbidden to root")
    file = draft(tmp_path)
    if what == "original":
        file.chmod(0)
    out = tmp_path / "a.docx" if what == "original" else folder / "a.docx"
    done = run(file, "-o", out)
    assert done.returncode == 2
    assert "没有权限" in done.stderr
    assert not out.exists()
    assert list(folder.iterdir()) == []


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    done = run(draft(tmp_path), "-o", "/proc/a.docx")
    assert done.returncode == 2
    assert "写不了" in done.stderr
    assert "没有留下副本" in done.stderr


def test_a_wrong_name_is_told_and_nothing_written(tmp_path: Path) -> None:
    done = run(draft(tmp_path), "-o", tmp_path / "copy.docm")
    assert done.returncode == 2
    assert ".docx" in done.stderr
    assert not (tmp_path / "copy.docm").exists()


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "另存为"),
        ("x.docx", b"PK\x03\x04 [Content_Types].xml word/ cut off", "损坏"),
        ("x.txt", b"", "空"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_3(
    tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    file, out = tmp_path / name, tmp_path / f"copy{Path(name).suffix}"
    file.write_bytes(data)
    done = run(file, "-o", out)
    assert done.returncode == 3
    assert word in done.stderr
    assert not out.exists()
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_missing_file_or_folder_is_misuse(tmp_path: Path) -> None:
    assert run(tmp_path / "gone.docx", "-o", tmp_path / "a.docx").returncode == 2
    file = draft(tmp_path)
    assert run(file, "-o", tmp_path / "gone" / "a.docx").returncode == 2
