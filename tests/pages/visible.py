"""What somebody sees of a page: its words, without markup, scripts and attributes."""

import regex
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser

# Codes that would stand on a page if somebody forgot a word for them.
_CODES = (
    "reviewer|head|office|leader|system_admin|security_admin|auditor|nobody|"
    "website|wechat|press|broadcast|exhibition|other|"
    "open|disabled|locked|first_password|without_factor|no_post|"
    "holds|expiring|coming|over|ended|failed|waiting|delivered|running|done|"
    "quick|bulk|out|database|migrations|vault|redis|seal|purge|none|notice|"
    "state|work|internal|privacy|business|None|True|False|case\\.[a-z]+"
)


def text_of(answer: Response) -> str:
    """Return the words of a page that was answered, each run of spaces one."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    body = LexborHTMLParser(answer.text).css_first("body")
    assert body is not None
    for one in body.css("script, style, datalist"):
        one.decompose()
    return " ".join(body.text(separator=" ").split())


def codes_in(text: str) -> list[str]:
    """Return the codes that stand among the words."""
    found: list[str] = regex.findall(rf"(?<![\w.\-])(?:{_CODES})(?![\w.\-])", text)
    return found
