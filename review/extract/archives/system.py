"""Files that systems leave in folders and archives: they hold names, and no draft."""

import re
from typing import Final

from review.extract.plain.encodings import common_share

_NAMES: Final = r"(?i)(?:.*/)?(?:\.ds_store|\._[^/]+)"
# A folder's view, and what a Mac keeps beside a file; a larger one may hold a preview.
_BEGINNINGS: Final = (b"\x00\x00\x00\x01Bud1", b"\x00\x05\x16\x07")
_LARGEST: Final = 64 * 1024
# Runs of Chinese or plain letters, in the encodings that such files are written in.
_RUNS: Final = (
    (rb"(?:[\x4e-\x9f][\x00-\xff]|\x00[\x20-\x7e]){3,400}", "utf-16-be"),
    (rb"(?:[\x00-\xff][\x4e-\x9f]|[\x20-\x7e]\x00){3,400}", "utf-16-le"),
    (rb"(?:[\xe4-\xe9][\x80-\xbf]{2}|[\x20-\x7e]){6,1200}", "utf-8"),
)
_CHINESE: Final = r"[\u4e00-\u9fff]"
_EVERYDAY: Final = 0.8
_MOST_RUNS: Final = 2_000


def is_system_file(name: str, data: bytes) -> bool:
    """Tell from a member's name and bytes whether a system put it there by itself.

    A locked or damaged file under such a name is none, and thumbnails show pictures:
    what they hold nobody has read, and that stays a gap.
    """
    return (
        re.fullmatch(_NAMES, name) is not None
        and len(data) <= _LARGEST
        and data.startswith(_BEGINNINGS)
    )


def readable_in(data: bytes) -> str:
    """Return the words that stand in such a file, such as the names of its neighbours."""
    found: dict[str, None] = {}
    for pattern, encoding in _RUNS:
        for run in re.finditer(pattern, data):
            text = " ".join(run[0].decode(encoding, "replace").split())
            chinese = re.search(_CHINESE, text) is not None
            if chinese and common_share(text) > _EVERYDAY:
                found[text] = None
            if len(found) >= _MOST_RUNS:
                break
    return "\n".join(found)
