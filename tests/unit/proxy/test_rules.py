"""A proxy's file: what may be chosen, and what is refused in plain words."""

from pathlib import Path

import pytest

from review.errors import SettingsError
from review.proxy.rules import load_rules

GOOD = """
gate = "https://review.example.edu.cn"
upstream = "http://127.0.0.1:8080"
site = "https://news.example.edu.cn"
channel = "网站"
[open]
"/static/*" = "any"
"/robots.txt" = "sha256:00"
"""


def load(folder: Path, text: str) -> object:
    path = folder / "proxy.toml"
    path.write_text(text, "utf-8")
    return load_rules(path)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(GOOD, "utf-8")
    rules = load_rules(path)
    assert rules.channel == "website"
    assert rules.listed("/static/a/b.css") == "any"
    assert rules.listed("/robots.txt") == "sha256:00"
    assert rules.listed("/Static/a.css") is None
    assert rules.listed("/news/1.html") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://review", "http://review", "gate 先审不在本机时要用 https"),
        ("https://review", "HTTP://review", "gate 先审不在本机时要用 https"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "upstream 应写成"),
        ("http://127.0.0.1:8080", "http://127.0.0.1/x", "upstream 只写到主机"),
        ("https://news.example.edu.cn", "unix:/a", "site 应写成读者"),
        ('channel = "网站"', 'channel = "电台"', "channel 写法不对"),
        ('channel = "网站"', "", "channel 没有写"),
        ("[open]", "gate_down = true\n[open]", "gate_down 没有这一项"),
        ('"/static/*"', '"/*"', "open 里的路径"),
        ('"/static/*"', '"/**"', "open 里的路径"),
        ('"/static/*"', '"/?*"', "open 里的路径"),
        ('"/static/*"', '"static/*"', "open 里的路径"),
        ('"any"', '"all"', "应写 any"),
        ("[open]", "[open", "不是合格的 TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(SettingsError, match=said):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="读不到"):
        load_rules(tmp_path / "none.toml")
