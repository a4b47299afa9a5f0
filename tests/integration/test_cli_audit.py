"""The site audit on the command line: one small site, as people and scripts run it."""

import io
import json
import shutil
from pathlib import Path

import pytest
import regex
from openpyxl import load_workbook

from tests.command import Command, founded
from tests.websites.published import served

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

_HOME = "https://www.example.edu.cn"
_TITLE = "学院举行秋季运动会"
_BODY = (
    "<p>学院秋季运动会昨日在田径场举行，各班同学踊跃参加。</p>\n<p>共设十二个项目。</p>"
)
_PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>
<body><nav><a href="/">首页</a></nav><h1>{title}</h1><p>发布时间：2026-11-23 来源：宣传部</p>
{body}<footer>云山职业学院</footer></body></html>"""


@pytest.fixture(scope="module")
def college(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an office that has cleared and published one page."""
    command = founded(
        tmp_path_factory.mktemp("office"),
        ("zhang", "张示例", "部门初审员", "--department", "宣传部"),
        ("li", "李样本", "保密办审查员"),
    )
    body = command.folder.parent / "正文.html"
    body.write_text(_BODY, "utf-8")
    said = command(
        *("case", "submit", body, "--title", _TITLE, "--department", "宣传部"),
        *("--channel", "网站", "--drafted-by", "王虚构", "--as", "zhang"),
    )
    found = regex.search(r"已登记：(\d{4}-\d{6})", said)
    assert found is not None
    number = found[1]
    command(
        *("case", "conclude", number, "--conclusion", "拟同意"),
        *("--opinion", "内容属实", "--as", "zhang"),
    )
    command(
        *("case", "sign-off", number, "--outcome", "同意公开"),
        *("--opinion", "同意公开", "--as", "li"),
    )
    command(
        *("case", "publish", number, "--channel", "网站"),
        *("--address", f"{_HOME}/news/1.html", "--as", "zhang"),
    )
    return command.folder


@pytest.fixture
def command(college: Path, tmp_path: Path) -> Command:
    shutil.copytree(college, tmp_path / "data")
    return Command(tmp_path / "data")


def _files(body: str = _BODY, **more: bytes) -> dict[str, bytes]:
    page = _PAGE.format(title=_TITLE, body=body).encode()
    return {"/news/1.html": page, **{f"/{name}": data for name, data in more.items()}}


def _folder(command: Command, files: dict[str, bytes]) -> Path:
    folder = command.folder.parent / "public"
    for path, data in files.items():
        place = folder / path.strip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def test_a_site_that_shows_what_was_cleared_is_fine(command: Command) -> None:
    folder = _folder(command, _files())
    said = command("audit", folder, "--base", _HOME, "--as", "li")
    assert "发现 0 处，未能检查 0 处" in said
    # Without its address a page is known by its contents.
    assert "发现 0 处" in command("audit", folder, "--as", "li")


def test_what_deviates_is_told_in_every_form_and_becomes_a_case_once(
    command: Command,
) -> None:
    other = _PAGE.format(title="另一件事", body="<p>没有送审的内容。</p>").encode()
    files = _files(_BODY.replace("踊跃", "踊耀"), **{"news/2.html": other})
    folder = _folder(command, files)
    place = ("audit", folder, "--base", _HOME, "--as", "li")
    lines = command(*place, "--format", "jsonl", code=1).splitlines()
    told = [json.loads(line) for line in lines]
    found = [one for one in told if one["type"] == "finding"]
    assert [(one["kind"], one["address"]) for one in found] == [
        ("changed", f"{_HOME}/news/1.html"),
        ("not_reviewed", f"{_HOME}/news/2.html"),
    ]
    assert "踊耀" in found[0]["reasons"][0]
    assert told[-1]["found"] == 2

    out = command.folder.parent / "report"
    command(*place, "--format", "html", "-o", f"{out}.html", code=1)
    page = Path(f"{out}.html").read_text("utf-8")
    assert "与审查通过的不一致（1）" in page
    assert "没有送审的内容" in page
    command(*place, "--format", "xlsx", "-o", f"{out}.xlsx", code=1)
    sheet = load_workbook(io.BytesIO(Path(f"{out}.xlsx").read_bytes())).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=4, max_row=5)] == [
        "没有审查过",
        "与审查通过的不一致",
    ][::-1]

    opening = ("--open-cases", "--open-as", "zhang", "--department", "宣传部")
    opened = command(*place, *opening, code=1)
    assert len(regex.findall(r"已立案 (\d{4}-\d{6})", opened)) == 2
    again = command(*place, *opening, code=1)
    assert again.count("以前的巡查已经立案") == 2
    listed = command("case", "list", "--as", "zhang")
    assert "另一件事" in listed


def test_over_http_nothing_may_be_seen_that_robots_forbid(command: Command) -> None:
    robots = b"User-agent: *\nDisallow: /inner/\n"
    files = _files(**{"robots.txt": robots, "inner/x.html": b"<p>inner</p>"})
    links = (
        f'<a href="{path}">{_TITLE}</a>' for path in ("/news/1.html", "/inner/x.html")
    )
    files["/index.html"] = f"<html><body>{' '.join(links)}</body></html>".encode()
    asked: list[str] = []
    with served(files, asked=asked) as origin:
        said = command("audit", origin, "--base", f"{_HOME}/", "--as", "li", code=3)
    assert "发现 0 处，未能检查 1 处" in said
    assert "robots.txt 不让访问" in said
    assert "/inner/x.html" not in asked


def test_what_was_cleared_is_looked_at_again(command: Command) -> None:
    assert "对照审查件 1 件" in command("audit", "--published", "--as", "li")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("somewhere", "--published"),
        ("nowhere-at-all",),
        ("http://127.0.0.1:9/",),
        ("somewhere", "--format", "html"),
        ("somewhere", "--open-cases"),
        ("somewhere", "--open-cases", "--open-as", "li"),
    ],
)
def test_misuse_is_refused_in_one_line(
    command: Command, arguments: tuple[str, ...]
) -> None:
    (command.folder.parent / "somewhere").mkdir()
    said = command("audit", *arguments, "--as", "li", code=2)
    assert len(said.strip().splitlines()) == 1
    assert regex.search(r"\p{Han}", said)


def test_only_the_office_may(command: Command) -> None:
    folder = _folder(command, _files())
    assert "保密办" in command("audit", folder, "--as", "zhang", code=2)
