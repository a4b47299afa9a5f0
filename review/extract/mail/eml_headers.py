"""The headers of a mail as blocks: a reader sees only a few of them."""

import re
from typing import Final

from review.extract.interface import Block
from review.extract.mail.eml_parts import Part
from review.extract.mail.eml_words import header_text
from review.spans import Location

LABELS: Final = {
    "from": "发件人",
    "sender": "代发人",
    "to": "收件人",
    "cc": "抄送",
    "date": "日期",
    "reply-to": "答复至",
}
# Sums and settings: they carry no words.
_DULL: Final = (
    r"mime-version|content-type|content-transfer-encoding|content-length|lines|"
    r"(?:x-)?(?:google-)?(?:dkim|domainkey|arc)-[\w-]+|x-gm-message-state"
)


def header_blocks(mail: Part) -> tuple[Block, ...]:
    """Return every header that carries words, the shown ones first."""
    title: list[Block] = []
    shown: list[Block] = []
    hidden: list[Block] = []
    for name, raw in mail.headers:
        low, value = name.lower(), header_text(raw)
        if not value or re.fullmatch(_DULL, low):
            continue
        if low == "subject" and not title:
            title.append(Block(value, role="title"))
        elif low in LABELS:
            shown.append(Block(f"{LABELS[low]}：{value}"))
        elif low == "bcc":
            hidden.append(metadata(f"密送：{value}", "密送"))
        else:
            hidden.append(metadata(f"{name}：{value}", "邮件头"))
    return (*title, *dict.fromkeys(shown), *dict.fromkeys(hidden))


def metadata(text: str, detail: str) -> Block:
    """Return a hidden block for something that a mail carries beside its page."""
    where = Location(part="metadata")
    return Block(text, where, hidden=True, role="note", detail=detail)
