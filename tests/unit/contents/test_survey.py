"""What a visitor of a page finds: where it leads, what it shows, what it hides."""

import pytest

from review.contents.survey import Shown, from_text, survey, to_text
from review.errors import CorruptError, TooLargeError
from review.extract.limits import Limits

_PAGE = """<!DOCTYPE html><html><head><title> 标题 甲 </title><base href="/b/">
<meta http-equiv="refresh" content="5; url='/next.html'"><meta name="description" content="摘要的话">
</head><body><a href="1.html">一</a><a href="1.html">又</a><map><area href="2.html"></map>
<iframe src="f.html"></iframe><img src="p.png"><img data-src="lazy.png"><video src="v.mp4" poster="v.png"></video>
<p>看得见</p><p style="display:none">看不见</p><table><tr><td>左</td><td>右</td></tr></table></body></html>""".encode()


def test_a_page_is_told_whole() -> None:
    found = survey(_PAGE, "a")
    assert found is not None
    assert (found.title, found.base) == ("标题 甲", "/b/")
    assert set(found.links) == {"1.html", "2.html", "f.html", "/next.html"}
    assert set(found.pictures) == {"p.png", "lazy.png", "v.mp4", "v.png"}
    seen = [one.text for one in found.shown if not one.hidden]
    hidden = [one.text for one in found.shown if one.hidden]
    assert "看得见" in seen
    assert "左右" in seen
    assert "看不见" in hidden
    assert "标题 甲" in hidden
    assert any("摘要的话" in one for one in hidden)
    assert Shown("看得见", "body", 2) in found.shown
    assert from_text(to_text(found)) == found


@pytest.mark.parametrize("data", [b"", b"plain words", b"%PDF-1.4\n"])
def test_what_is_no_page_is_not_taken_for_one(data: bytes) -> None:
    assert survey(data, "a.html") is None


def test_a_page_beyond_the_limits_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        survey(_PAGE, "a.html", Limits(characters=10))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"title": 1}'])
def test_what_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(CorruptError):
        from_text(text)
