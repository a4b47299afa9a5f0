"""The watermark over drafts (屏幕水印): who looks, and since when."""

from typing import Final

from fastapi import APIRouter, Response
from markupsafe import escape

from api.pages.frame import Looking
from review import clock

router: Final = APIRouter()

# One tile; the browser repeats it. Grey that is seen on white and lets text be read.
_TILE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="300" height="190" viewBox="0 0 300 190">
<g transform="rotate(-20 150 95)" fill="#5a6575" fill-opacity="0.13" text-anchor="middle"
 font-family="Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif">
<text x="150" y="88" font-size="18">{name}（{login}）</text>
<text x="150" y="112" font-size="14">{at:%Y-%m-%d %H:%M}</text>
</g>
</svg>
"""


@router.get("/watermark.svg", response_class=Response)
def watermark(by: Looking) -> Response:
    """Draw the name and the minute of whoever asks."""
    text = _TILE.format(
        name=escape(by.signed.name),
        login=escape(by.person),
        at=clock.china_time(by.desk.now()),
    )
    return Response(text, media_type="image/svg+xml")
