"""What is left of contents when they are pasted: every character, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from review.contents.as_text import Unseen, bare, is_text, pasted, unseen
from review.contents.canonical import contents_of

PAGE = (
    '<h2>学院举行运动会</h2><p>场地120m<sup>2</sup>，详见<a href="https://a.example/">通知</a>。</p>'
    "<table><tr><td>第一名</td><td>Team A</td></tr><tr><td>Team B</td><td>二班</td></tr></table>"
    '<p><img src="a.png" alt="现场">共十二个<b>项目</b>。</p>'
)
TEXT = "学院举行运动会\n场地120m2，详见通知。\n第一名\tTeam A\nTeam B\t二班\n\n共十二个项目。\n"


def test_a_page_and_its_pasted_text_are_the_same() -> None:
    page = contents_of(PAGE.encode(), "正文.html", attachments=[("a.pdf", b"%PDF")])
    assert bare(page) == pasted(TEXT)
    assert unseen(page) == Unseen(pictures=1, links=1, attachments=1)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("甲1a。"))
def test_a_lost_or_an_extra_character_counts(at: int, extra: str) -> None:
    page = bare(contents_of(PAGE.encode(), "正文.html"))
    assert pasted(TEXT[:at] + extra + TEXT[at:]) != page
    lost = TEXT[:at] + TEXT[at + 1 :]
    between = TEXT[at].isspace()
    words = TEXT[at - 1 : at + 2].strip().replace("\t", " ")
    if not between:
        assert pasted(lost) != page, words


def test_the_points_of_a_list_say_nothing() -> None:
    page = bare(contents_of("<ul><li>甲</li><li>乙</li></ul>".encode(), "a.html"))
    assert pasted("  • 甲\n• 乙\n") != page
    assert pasted("  • 甲\n• 乙\n", points=False) == page
    assert pasted("甲•乙", points=False) != page


def test_a_title_stands_before_the_rest() -> None:
    page = contents_of("<p>正文。</p>".encode(), "a.html")
    assert bare(page, title="标题") == pasted("标题\n\n正文。")


def test_what_is_bound_by_its_bytes_is_no_text() -> None:
    assert is_text(contents_of("正文。".encode(), "a.txt"))
    assert not is_text(contents_of(b"\x89PNG\r\n\x1a\n" + bytes(100), "a.png"))
