"""A site over a real connection: on its own host, by robots.txt, within bounds."""

import os
import time
from pathlib import Path
from typing import TypeAlias

import pytest

from review.errors import UsageError
from review.fetching.folder_site import FolderSite
from review.fetching.http_site import HttpSite, Manners
from review.ports.websites import Fetched
from tests.websites.published import served

pytestmark = pytest.mark.enable_socket

Answers: TypeAlias = dict[str, tuple[int, dict[str, str], bytes]]
_FAST = Manners(delay=0, seconds=5, largest=1000)


def test_redirects_are_followed_on_the_own_host_alone() -> None:
    answers = {
        "/moved": (301, {"Location": "/new.html"}, b""),
        "/away": (302, {"Location": "https://other.example/x"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/hidden": (302, {"Location": "/inner/x"}, b""),
        "/broken": (500, {}, b"secret of the server"),
    }
    files = {"/new.html": b"new", "/robots.txt": b"User-agent: *\nDisallow: /inner/"}
    asked: list[str] = []
    with served(files, answers=answers, asked=asked) as home:
        site = HttpSite(home, _FAST)
        moved = site.fetch(f"{home}moved")
        assert (moved.address, moved.data) == (f"{home}new.html", b"new")
        away = site.fetch(f"{home}away")
        assert (away.data, away.problem) == (None, None)
        assert "太多" in (site.fetch(f"{home}round").problem or "")
        assert "robots" in (site.fetch(f"{home}hidden").problem or "")
        broken = site.fetch(f"{home}broken")
        assert broken.problem == "网站回答 500。"
        gone = site.fetch(f"{home}nothing")
        assert (gone.data, gone.problem) == (None, None)
        site.close()
    assert "/inner/x" not in asked


def test_what_is_too_large_or_too_slow_is_told_and_not_taken() -> None:
    with served({"/big": b"x" * 2000, "/small": b"x"}) as home:
        site = HttpSite(home, _FAST)
        assert "MB" in (site.fetch(f"{home}big").problem or "")
        assert site.fetch(f"{home}small").data == b"x"
        late = HttpSite(home, _FAST, monotonic=_Leaps())
        assert "规定的时间" in (late.fetch(f"{home}small").problem or "")
        site.close()
        late.close()


class _Leaps:
    """A clock that leaps ten seconds at each look."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def __call__(self) -> float:
        self.at += 10
        return self.at


def test_between_visits_one_waits_as_robots_ask() -> None:
    slept: list[float] = []
    robots = b"User-agent: *\nCrawl-delay: 3\n"
    with served({"/robots.txt": robots, "/a": b"a"}) as home:
        site = HttpSite(home, _FAST, sleep=slept.append)
        site.fetch(f"{home}a")
        site.fetch(f"{home}a")
        site.close()
    assert [round(one) for one in slept] == [3, 3]


def test_where_robots_cannot_be_had_nothing_may_be_visited() -> None:
    with served({}, answers={"/robots.txt": (503, {}, b"")}) as home:
        site = HttpSite(home, _FAST)
        assert not site.may_visit(f"{home}a")
        site.close()
    with served({}) as home:
        site = HttpSite(home, _FAST)
        assert site.may_visit(f"{home}a")
        site.close()


def test_the_sites_own_maps_are_read() -> None:
    files = {
        "/robots.txt": b"Sitemap: /maps.xml\n",
        "/maps.xml": b"<sitemapindex><loc>/one.xml</loc><loc>http://x.example/t.xml</loc></sitemapindex>",
        "/one.xml": b"<urlset><url><loc>/a?x=1&amp;y=2</loc></url></urlset>",
        "/sitemap.xml": b"<urlset><loc> /b </loc></urlset>",
    }
    with served(files) as home:
        site = HttpSite(home, _FAST)
        assert set(site.listed()) == {"/a?x=1&y=2", "/b"}
        site.close()


def test_a_map_that_cannot_be_read_is_told() -> None:
    robots = b"Sitemap: /slow.xml\nSitemap: /packed.xml.gz\nSitemap: /no/m.xml\n"
    robots += b"User-agent: *\nDisallow: /no/"
    files = {"/robots.txt": robots, "/packed.xml.gz": b"\x1f\x8b packed"}
    with served(files, answers={"/slow.xml": (503, {}, b"")}) as home:
        site = HttpSite(home, _FAST)
        told = {
            one.address.removeprefix(home): one.problem
            for one in site.listed()
            if isinstance(one, Fetched)
        }
        site.close()
    # That there is no /sitemap.xml is nothing to tell.
    assert set(told) == {"slow.xml", "packed.xml.gz", "no/m.xml"}
    assert all(told.values())


def test_a_site_that_sends_to_https_is_asked_there() -> None:
    answers: Answers = {"/robots.txt": (301, {}, b"")}
    with served({}, answers=answers) as home:
        moved = home.replace("http:", "https:")
        answers["/robots.txt"] = (301, {"Location": f"{moved}robots.txt"}, b"")
        # Nobody speaks TLS here: it was asked so, and does not answer.
        with pytest.raises(UsageError, match="访问不了"):
            HttpSite(home, _FAST)
        # Another machine in its place is asked as it was named.
        site = HttpSite("http://www.example.edu.cn/", _FAST, origin=home)
        assert site.home == "http://www.example.edu.cn/"
        site.close()


def test_another_machine_may_stand_for_the_site() -> None:
    answers: Answers = {"/moved": (301, {}, b"")}
    with served({"/a": b"a"}, answers=answers) as origin:
        answers["/moved"] = (301, {"Location": f"{origin}a"}, b"")
        site = HttpSite("https://www.example.edu.cn/", _FAST, origin=origin)
        assert site.fetch("https://www.example.edu.cn/a").data == b"a"
        moved = site.fetch("https://www.example.edu.cn/moved")
        assert moved.address == "https://www.example.edu.cn/a"
        site.close()


@pytest.mark.parametrize("start", ["ftp://x/", "no address", "http://127.0.0.1:9/"])
def test_where_nobody_answers_the_audit_does_not_begin(start: str) -> None:
    with pytest.raises(UsageError):
        HttpSite(start, Manners(delay=0, seconds=2))


# --- a folder ---


def _folder(tmp_path: Path) -> FolderSite:
    folder = tmp_path / "public"
    (folder / "新闻").mkdir(parents=True)
    (folder / "index.html").write_bytes(b"first")
    (folder / "新闻" / "a b.html").write_bytes(b"page")
    (folder / "big.bin").write_bytes(b"x" * 2000)
    (tmp_path / "outside.txt").write_bytes(b"outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return FolderSite(folder, home="https://h.example/site/", largest=1000)


def test_a_folder_lists_all_and_opens_nothing_outside(tmp_path: Path) -> None:
    site = _folder(tmp_path)
    assert list(site.listed()) == [
        "https://h.example/site/big.bin",
        "https://h.example/site/index.html",
        "https://h.example/site/link.txt",
        "https://h.example/site/%E6%96%B0%E9%97%BB/a%20b.html",
    ]
    assert site.fetch("https://h.example/site/").data == b"first"
    assert site.fetch("https://h.example/site/%E6%96%B0%E9%97%BB/a%20b.html").data == (
        b"page"
    )
    assert "MB" in (site.fetch("https://h.example/site/big.bin").problem or "")
    assert "链接" in (site.fetch("https://h.example/site/link.txt").problem or "")
    for path in ("..%2foutside.txt", "%2e%2e/outside.txt", "x%00y", "nothing"):
        fetched = site.fetch(f"https://h.example/site/{path}")
        assert fetched.data is None
    assert site.fetch("https://h.example/outside.txt").data is None


def test_a_linked_folder_is_told_as_not_examined(tmp_path: Path) -> None:
    site = _folder(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "public" / "old").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "public" / "round").symlink_to("round")
    for name in ("old", "round"):
        spelling = f"https://h.example/site/{name}"
        assert spelling in list(site.listed())
        fetched = site.fetch(spelling)
        assert fetched.data is None
        assert fetched.problem is not None


def test_a_link_to_what_is_gone_through_anyway_is_not_told(tmp_path: Path) -> None:
    site = _folder(tmp_path)
    (tmp_path / "public" / "news").symlink_to("新闻")
    (tmp_path / "public" / "新闻" / "up").symlink_to("..")
    assert not [one for one in site.listed() if one.endswith(("/news", "/up"))]
    for name in ("news", "%E6%96%B0%E9%97%BB/up"):
        assert site.fetch(f"https://h.example/site/{name}").problem is None
    inner = site.fetch("https://h.example/site/news/a%20b.html")
    assert inner.data == b"page"


def test_a_name_in_another_encoding_is_read_like_any(tmp_path: Path) -> None:
    site = _folder(tmp_path)
    name = os.fsdecode("公告.html".encode("gbk"))
    (tmp_path / "public" / name).write_bytes(b"old")
    (spelling,) = [one for one in site.listed() if "%B9%AB" in one]
    assert spelling == "https://h.example/site/%B9%AB%B8%E6.html"
    assert site.fetch(spelling).data == b"old"


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        FolderSite(tmp_path / "nothing", home="https://h/", largest=1)
    with pytest.raises(UsageError):
        FolderSite(tmp_path, home="nonsense", largest=1)
