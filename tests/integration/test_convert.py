"""Old documents through LibreOffice itself; left out where it is not installed."""

import io
import os
import zipfile
from pathlib import Path

import docx
import pytest

from review.errors import CorruptError, OutOfTimeError, UnsupportedError
from review.extract.limits import Limits
from review.extract.merging import merged
from review.extract.old.doc import Doc
from review.extract.ole.write import packed
from review.extract.word.docx import Docx
from review.sandbox import convert as converting
from review.sandbox.convert import convert, libreoffice
from tests.unit.extract.book_files import Book, Sheet, label

_SECONDS = 90.0
_SLIDES = Path(__file__).parents[2] / "sample_docs" / "formats" / "pptx"
_RICH = rb"{\rtf1\ansi\ansicpg936 \'d4\'c6\'c9\'bd{\v \'b2\'d8}\par}"

needs_libreoffice = pytest.mark.skipif(
    libreoffice() is None, reason="LibreOffice is not installed"
)
needs_impress = pytest.mark.skipif(
    not (libreoffice() or Path()).joinpath("libsdlo.so").exists(),
    reason="LibreOffice Impress is not installed",
)


def _texts(data: bytes) -> list[str]:
    return [one.text for one in Docx().extract(data, Limits()).blocks]


@needs_libreoffice
@pytest.mark.slow
def test_rich_text_becomes_docx_with_what_it_hides(tmp_path: Path) -> None:
    made = convert(_RICH, "docx", room=tmp_path, seconds=_SECONDS)
    read = Docx().extract(made, Limits())
    assert [one.text for one in read.blocks if one.where.part == "body"] == ["云山"]
    assert [one.text for one in read.blocks if one.where.part == "hidden"] == ["藏"]


@needs_libreoffice
@pytest.mark.slow
def test_an_old_document_and_its_own_reading_say_each_thing_once(
    tmp_path: Path,
) -> None:
    # A document that LibreOffice wrote, so that it is a whole one.
    draft = docx.Document()
    draft.add_paragraph("云山职业学院的正文")
    draft.sections[0].different_first_page_header_footer = True
    draft.sections[0].first_page_header.paragraphs[0].text = "首页页眉"
    buffer = io.BytesIO()
    draft.save(buffer)
    old = _exported(buffer.getvalue(), tmp_path / "first", "docx", "doc:MS Word 97")
    own = Doc().extract(old, Limits())
    made = convert(old, "docx", room=tmp_path / "second", seconds=_SECONDS)
    both = merged(Docx().extract(made, Limits()), own)
    seen = [one.text for one in both.blocks if not one.hidden]
    assert seen.count("云山职业学院的正文") == 1
    assert seen.count("首页页眉") == 1


def _exported(data: bytes, room: Path, kind: str, to: str) -> bytes:
    """Return a new document as an old one, made by the same means."""
    folder = libreoffice()
    assert folder is not None
    room.mkdir()
    converting._furnish(room, folder / "soffice.bin")
    (room / f"draft.{kind}").write_bytes(data)
    command = (
        str(folder / "soffice.bin"),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        *("--headless", "--norestore", "--convert-to", to),
        *("--outdir", str(room / "made"), str(room / f"draft.{kind}")),
    )
    assert converting._run(command, room, _later()) == 0
    return (room / "made" / f"draft.{to[:3]}").read_bytes()


def _later() -> float:
    return converting.time.monotonic() + _SECONDS


@needs_libreoffice
@pytest.mark.slow
def test_workbooks_become_xlsx(tmp_path: Path) -> None:
    book = packed({("Workbook",): Book([Sheet("表", [label(0, 0, "甲")])]).stream()})
    made = convert(book, "xlsx", room=tmp_path, seconds=_SECONDS)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert "xl/workbook.xml" in package.namelist()


@needs_impress
@pytest.mark.slow
def test_presentations_become_pptx(tmp_path: Path) -> None:
    # A presentation that LibreOffice wrote: ours are too bare for it.
    new = next(_SLIDES.glob("*.pptx")).read_bytes()
    old = _exported(new, tmp_path / "first", "pptx", "ppt:MS PowerPoint 97")
    made = convert(old, "pptx", room=tmp_path / "second", seconds=_SECONDS)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert "ppt/presentation.xml" in package.namelist()


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("stream", ["Workbook", "MN0"])
def test_what_is_no_document_gives_a_clear_error(stream: str, tmp_path: Path) -> None:
    damaged = packed({(stream,): b"x" * 5000})
    with pytest.raises(CorruptError, match=r"未能转换.*另存为 docx"):
        convert(damaged, "docx", room=tmp_path, seconds=_SECONDS)


@needs_libreoffice
@pytest.mark.slow
def test_it_is_ended_by_force_when_its_time_is_over(tmp_path: Path) -> None:
    with pytest.raises(OutOfTimeError, match="时间"):
        convert(_RICH, "docx", room=tmp_path, seconds=0.2)
    running = [one for one in Path("/proc").iterdir() if one.name.isdigit()]
    assert not any(str(tmp_path) in _command_of(one) for one in running)


def _command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@needs_libreoffice
@pytest.mark.slow
def test_pictures_elsewhere_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不该读到的话", encoding="utf-8")
    link = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{secret}"}}{{\\fldrslt shown}}}}'
    rich = b"{\\rtf1 " + link.encode("ascii") + b"\\par}"
    made = convert(rich, "docx", room=tmp_path / "room", seconds=_SECONDS)
    assert not any("不该读到的话" in one for one in _texts(made))


def test_other_files_are_not_converted(tmp_path: Path) -> None:
    if libreoffice() is None:
        pytest.skip("LibreOffice is not installed")
    for data in (b"plain text", packed({("Other",): b"x"})):
        with pytest.raises(UnsupportedError, match="另存为"):
            convert(data, "docx", room=tmp_path, seconds=_SECONDS)
    assert not list(tmp_path.iterdir())


def test_without_libreoffice_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert os.get_exec_path() == [str(tmp_path)]
    with pytest.raises(UnsupportedError, match="apt-get install libreoffice-writer"):
        convert(_RICH, "docx", room=tmp_path, seconds=_SECONDS)


def test_without_a_part_of_libreoffice_it_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("soffice", "soffice.bin", "libswlo.so"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedError, match="libreoffice-impress-nogui，"):
        convert(_RICH, "pptx", room=tmp_path / "room", seconds=_SECONDS)
