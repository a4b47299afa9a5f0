"""Scanned pages become text: letterheads, stamps, rosters, turned and spoilt pages."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from review.errors import CorruptError, TooLargeError
from review.extract.interface import Line
from review.letters import sheet
from review.letters.recognize import recognize
from tests.unit.letters import drawn

pytestmark = pytest.mark.slow

_BODY = (
    "各系（部）、处室：根据学院年度工作安排，现将有关事项通知如下。",
    "一、各单位应于三月底前报送本年度工作计划，逾期不予受理。",
    "二、联系人及电话见附表，如有变动请及时告知办公室。",
)
_ROSTER = (
    ("姓名", "身份证件号", "联系电话", "所属部门"),
    ("张示例", "110101199001010012", "13800000000", "教务处"),
    ("李样本", "110101198505050033", "13900000001", "学生工作处"),
    ("王测试", "110101199212120055", "13700000002", "后勤服务中心"),
)


def _said(page: Image.Image) -> tuple[Line, ...]:
    return recognize(drawn.png(page))


def _texts(page: Image.Image) -> list[str]:
    return [one.text for one in _said(page)]


def _letters(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def _official() -> Image.Image:
    page = drawn.blank()
    top = drawn.red_letterhead(page, "云山职业学院文件", "云职院发〔2026〕5号")
    drawn.secrecy_stamp(page, "机密★10年", at=(210, 150))
    top = drawn.write(page, _BODY, top=top)
    top = drawn.table(page, _ROSTER, top=top + 40, widths=(220, 420, 330, 330))
    drawn.write(page, ("云山职业学院", "2026年3月15日"), top=top + 90, left=1000)
    drawn.seal(page, "云山职业学院保密委员会", middle=(1120, top + 140), below="专用章")
    return page


@pytest.mark.parametrize("how", ["clean", "tilted", "noisy", "blurred"])
def test_a_scanned_official_document_is_read(how: str) -> None:
    page = _official()
    spoilt = {
        "clean": page,
        "tilted": drawn.tilted(page, 1),
        "noisy": drawn.noisy(drawn.tilted(page, -1)),
        "blurred": drawn.blurred(page),
    }[how]
    said = _said(spoilt)
    texts = [one.text for one in said]
    assert texts[:3] == ["机密★10年", "云山职业学院文件", "云职院发〔2026〕5号"]
    for row in _ROSTER:
        assert "\t".join(row) in texts
    whole = _letters(texts)
    assert "云山职业学院保密委员会" in whole
    assert "专用章" in whole
    assert "2026年3月15日" in whole
    assert all(0 <= one.score <= 1 for one in said)
    assert sum(one.score for one in said) / len(said) > 0.9


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_was_scanned_turned_is_read(quarters: int) -> None:
    page = drawn.blank((1100, 800))
    drawn.write(page, _BODY, left=60)
    turned = page.rotate(90 * quarters, expand=True)
    assert _letters(_texts(turned)) == _letters(list(_BODY))


def test_a_stamp_over_the_text_hides_neither() -> None:
    page = drawn.blank((1654, 900))
    drawn.write(page, _BODY, top=200)
    drawn.secrecy_stamp(page, "绝密★30年", at=(500, 215))
    whole = _letters(_texts(page))
    for text in (*_BODY, "绝密★30年"):
        assert text in whole


def test_light_letters_on_a_dark_ground_are_read() -> None:
    page = Image.new("RGB", (1280, 720), (20, 30, 90))
    drawn.write(
        page, ("招生工作汇报", "云山职业学院"), left=150, size=60, colour="white"
    )
    assert _texts(page) == ["招生工作汇报", "云山职业学院"]
    clear = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    white = (255, 255, 255, 255)
    drawn.write(clear, ("透明底上的白字",), top=100, left=60, size=60, colour=white)
    assert _texts(clear) == ["透明底上的白字"]


def test_faint_small_and_upright_letters_are_read() -> None:
    faint = drawn.blank((1654, 700))
    drawn.write(faint, _BODY, colour=(225, 225, 225))
    small = drawn.blank((560, 200))
    drawn.write(small, _BODY, top=20, left=20, size=12)
    for page in (faint, small):
        assert _letters(_texts(page)) == _letters(list(_BODY))
    column = drawn.blank((500, 1000))
    for at, letter in enumerate("云山职业学院保密委员会"):
        drawn.write(column, (letter,), top=60 + at * 60, left=220, size=50)
    assert _texts(column) == ["云山职业学院保密委员会"]


def test_a_long_picture_is_read_to_its_end_and_each_line_once() -> None:
    rows = [f"第{number}条云山职业学院工作纪律" for number in range(1, 61)]
    page = drawn.blank((900, 4200))
    drawn.write(page, rows, top=40, left=40, size=42)
    said = _texts(page)
    assert len(said) == len(rows)
    for number, text in enumerate(said, start=1):
        assert text.startswith(f"第{number}")
        assert text.endswith("云山职业学院工作纪律")


def test_two_columns_are_read_one_after_the_other() -> None:
    page = drawn.blank((1654, 1000))
    left = [f"左栏第{number}行是连续的正文文字" for number in "一二三四五六"]
    right = [f"右栏第{number}行是连续的正文文字" for number in "一二三四五六"]
    drawn.write(page, left, top=150, left=150, size=40)
    drawn.write(page, right, top=150, left=900, size=40)
    assert _texts(page) == left + right


def test_a_tight_table_is_parted_by_its_rulings() -> None:
    rows = (("学生姓名", "所在班级", "监护人"), ("张示例甲", "护理三班", "李样本"))
    for degrees in (0, 1):
        page = drawn.blank((900, 400))
        drawn.table(page, rows, top=100, widths=(130, 130, 100))
        said = _texts(drawn.tilted(page, degrees))
        assert said == ["\t".join(row) for row in rows]


def test_what_holds_no_text_gives_none() -> None:
    grain = Image.effect_noise((900, 700), 90).convert("RGB")
    photo = grain.filter(ImageFilter.GaussianBlur(6))
    for page in (drawn.blank(), Image.new("RGB", (300, 300), "black"), photo):
        assert _said(page) == ()
    assert _said(drawn.blank((3, 2))) == ()


def test_what_is_no_picture_or_too_large_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for data in (b"\x01\x00\x00\x00 EMF", drawn.png(_official())[:5000]):
        with pytest.raises(CorruptError, match="图片"):
            recognize(data)
    made = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(made, "PNG")
    with pytest.raises(TooLargeError, match="像素"):
        recognize(made.getvalue())
    monkeypatch.setattr(sheet, "_SHORT_SIDE", 300)
    small = drawn.blank((1200, 600))
    drawn.write(small, ("云山职业学院",), size=120, left=100)
    assert _texts(small) == ["云山职业学院"]


# What a child may do that reads a picture: nothing but compute.
_CONFINED = """
import resource, socket, sys
def refuse(*_, **__):
    raise SystemExit("a connection was tried")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
data = sys.stdin.buffer.read()
for what, most in ((resource.RLIMIT_NPROC, 0), (resource.RLIMIT_FSIZE, 0),
                   (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_AS, int(sys.argv[1]))):
    resource.setrlimit(what, (most, most))
from review.letters.recognize import recognize
from review.errors import UnreadableError
try:
    print([one.text for one in recognize(data)])
except UnreadableError as error:
    print(type(error).__name__)
status = open("/proc/self/status").read()
print("threads", status.split("Threads:")[1].split()[0])
"""
_MEMORY = 1024 * 1024 * 1024


def _confined(data: bytes, memory: int, room: Path) -> str:
    """Read a picture where nothing is allowed; what it prints goes into a pipe."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-I", "-c", _CONFINED, str(memory)],
        input=data,
        capture_output=True,
        check=True,
        cwd=room,
        env={"HOME": str(room), "XDG_CACHE_HOME": str(room)},
    )
    assert done.stderr == b""
    assert list(room.iterdir()) == []
    return done.stdout.decode()


def test_it_needs_no_network_no_file_no_thread_and_a_gigabyte(tmp_path: Path) -> None:
    # onnxruntime would start a thread that reports to its maker, and leave files.
    page = drawn.blank()
    drawn.write(page, _BODY)
    said = _confined(drawn.png(page), _MEMORY, tmp_path)
    assert _BODY[1] in said
    assert "threads 1" in said


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    page = drawn.blank()
    drawn.write(page, _BODY)
    said = _confined(drawn.png(page), 600 * 1024 * 1024, tmp_path)
    assert said.startswith("TooLargeError")
