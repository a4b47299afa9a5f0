"""Which address is which page, and which are worth no visit."""

import pytest

from review.siteaudit import addresses, robots

_BASE = "https://www.example.edu.cn/news/list.html"


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        ("1.html", "https://www.example.edu.cn/news/1.html"),
        ("../a/./b.html#top", "https://www.example.edu.cn/a/b.html"),
        ("HTTPS://WWW.Example.edu.cn:443/A", "https://www.example.edu.cn/A"),
        ("/新闻/1.html", "https://www.example.edu.cn/%E6%96%B0%E9%97%BB/1.html"),
        ("/%e6%96%b0%E9%97%BB/", "https://www.example.edu.cn/%E6%96%B0%E9%97%BB/"),
        ("/%61%2e%2E/x", "https://www.example.edu.cn/a../x"),
        ("/a/%2e%2e/x", "https://www.example.edu.cn/x"),
        ("//x.html", "https://x.html/"),
        ("/a//b", "https://www.example.edu.cn/a/b"),
        ("/a?id=1&utm_source=x&b=", "https://www.example.edu.cn/a?id=1&b="),
        ("/a;jsessionid=12AB?x=1", "https://www.example.edu.cn/a?x=1"),
        ("javascript:go()", None),
        ("mailto:a@example.edu.cn", None),
        ("https://user:word@www.example.edu.cn/", None),
        ("https://[::1", None),
        ("https://www.example.edu.cn:99999/x", None),
        ("https://www.example.edu.cn:port/x", None),
    ],
)
def test_addresses_are_spelled_one_way(raw: str, spelled: str | None) -> None:
    assert addresses.spelled(raw, _BASE) == spelled


def test_an_address_of_the_site_with_no_port_that_is_one_is_odd() -> None:
    for raw in ("https://www.example.edu.cn:99999/x", "//www.example.edu.cn:x/"):
        assert addresses.is_odd(raw, _BASE)
    for raw in ("1.html", "https://h:99999/", "https://[::1", "mailto:a@h:x"):
        assert not addresses.is_odd(raw, _BASE)


def test_a_first_page_is_its_folder_under_either_scheme() -> None:
    keys = {
        addresses.key(one)
        for one in (
            "https://h/a/index.html",
            "http://h/a/",
            "https://h/a",
            "https://h/a/Default.aspx",
        )
    }
    assert keys == {"h/a"}
    assert addresses.key("http://h:8080/a") != addresses.key("http://h/a")
    assert addresses.key("http://h/a?x=1") != addresses.key("http://h/a")


def test_another_host_or_port_is_not_home() -> None:
    home = "https://www.example.edu.cn/"
    assert addresses.is_at_home("http://www.example.edu.cn/x", home)
    assert not addresses.is_at_home("https://example.edu.cn/", home)
    assert not addresses.is_at_home("https://www.example.edu.cn:8443/", home)
    assert not addresses.is_at_home("https://www.example.edu.cn.evil.cn/", home)


@pytest.mark.parametrize(
    "trap", ["/a" * 31, "/x/" + "y/" * 4, "/" + "z" * 2000, "/a/b/a/b/a/b/a/b"]
)
def test_endless_addresses_are_seen(trap: str) -> None:
    assert addresses.is_trap(f"https://h{trap}")
    assert not addresses.is_trap("https://h/2026/11/23/a/b/c.html")


def test_what_dresses_pages_is_no_contents() -> None:
    for path in ("/a.css", "/b/c.JS", "/f.woff2", "/robots.txt", "/favicon.ico"):
        assert addresses.is_asset(f"https://h{path}")
    for path in ("/a.png", "/b.json", "/a/", "/sub/robots.txt"):
        assert not addresses.is_asset(f"https://h{path}")


_ROBOTS = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private/
Allow: /private/open.html   # but this
Disallow: /*.bak$
Crawl-delay: 1.5

User-agent: other
User-agent: xianshen-audit
Disallow: /slow/
Crawl-delay: 99

Sitemap: https://h/map.xml
"""


def test_our_own_lines_stand_before_those_for_all() -> None:
    ours = robots.parsed(_ROBOTS)
    assert not ours.allows("https://h/slow/x")
    assert ours.allows("https://h/private/x")
    assert ours.delay == 30.0
    assert ours.maps == ("https://h/map.xml",)


def test_lines_for_all_hold_where_there_are_no_own() -> None:
    all_of_us = robots.parsed(_ROBOTS, agent="somebody")
    assert not all_of_us.allows("https://h/private/x")
    assert all_of_us.allows("https://h/private/open.html")
    assert not all_of_us.allows("https://h/a/b.bak")
    assert all_of_us.allows("https://h/a/b.bak2")
    assert all_of_us.delay == 1.5
    assert not robots.CLOSED.allows("https://h/")
    assert robots.parsed(b"").allows("https://h/anything")
