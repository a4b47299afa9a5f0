"""The charset that a page names for itself."""

import re
from typing import Final

_META: Final = rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
_XML: Final = rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})"
_HEAD: Final = 4096


def declared(data: bytes) -> str | None:
    """Return what a page says of its charset near its beginning, if it says anything."""
    head = data[:_HEAD]
    found = re.search(_META, head, re.IGNORECASE) or re.search(_XML, head)
    return found[1].decode("ascii", "replace") if found else None
