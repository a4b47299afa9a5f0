"""The review's two desks as a browser gets them, and what must not stand on them."""

from typing import get_args

import regex
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser

from review.case import values
from review.case.case import Stage
from review.detect import interface as detect
from review.extract.interface import GapCode
from review.pipeline import Verdict
from review.spans import Part
from tests.api.college import College
from tests.pages.visible import codes_in, text_of

HTML = {"Accept": "text/html"}
HOSTILE = '<b>甲&"乙'
HIDDEN = (
    "<html><body><p>学院举行秋季运动会，各班同学踊跃参加。</p>"
    '<p style="display:none">拟任命李样本为副院长，尚未宣布，请勿外传。</p></body></html>'
)

_TYPES = (
    values.Opinion,
    values.Conclusion,
    values.Outcome,
    values.Ground,
    values.Evidence,
    values.FileRole,
    values.Channel,
    Stage,
    Verdict,
    Part,
    GapCode,
    detect.Category,
    detect.Tier,
    detect.Severity,
    detect.DetectorName,
)
_CODES = "|".join(sorted({str(code) for one in _TYPES for code in get_args(one)}))


def desk(college: College, person: str, number: str, rest: str = "review") -> Response:
    return college.browser(person).get(f"/cases/{number}/{rest}", headers=HTML)


def parsed(answer: Response) -> LexborHTMLParser:
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words(answer: Response) -> str:
    """Return the page's words, none of which is a code of ours."""
    found = text_of(answer)
    assert codes_in(found) == []
    assert regex.findall(rf"(?<![\w.\-/])(?:{_CODES})(?![\w.\-/])", found) == []
    return found


def dialogs(page: LexborHTMLParser) -> set[str]:
    return {str(one.attributes["id"]) for one in page.css("dialog")} - {"keys"}


def open_button(page: LexborHTMLParser, opens: str) -> bool:
    """Tell whether the button that opens a dialog is there and can be pressed."""
    button = page.css_first(f"[data-opens={opens}]")
    return button is not None and "disabled" not in button.attributes
