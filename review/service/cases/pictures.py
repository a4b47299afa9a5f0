"""The draft's own pages: what they look like, and where the findings are on them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.errors import UnsupportedError
from review.picture.interface import Excerpt, Pages, Picture
from review.picture.kinds import kind_of
from review.picture.letters import squeezed
from review.ports.pictures import Painter
from review.service.cases import look
from review.service.cases.draft_layout import Laid, is_laid_out, laid
from review.service.desk import Desk

USUAL_WIDTH: Final = 1000  # pixels


def pages_of(
    desk: Desk, number: str, name: str, *, person: str, round_number: int | None = None
) -> Pages:
    """Return how large the pages of a round's file are, and where its findings stand.

    Raises:
        NotFoundError: There is no such round or file, or no report yet.
        NotPermittedError: The person may not see the draft itself.
        UnreadableError: The file has no pages, or they cannot be drawn.
    """
    file, data = look.file_of(
        desk, number, name, person=person, round_number=round_number
    )
    kind_of(data)
    full = look.marked_report_of(desk, number, person=person, round_number=round_number)
    wanted = (file.name, file.role)
    report = next(one for one in full["files"] if (one["file"], one["role"]) == wanted)
    return _painter(desk).pages(data, tuple(excerpts_of(report)))


def picture_of(  # noqa: PLR0913 - the file's address, and the page in it
    desk: Desk,
    number: str,
    name: str,
    page: int,
    *,
    person: str,
    round_number: int | None = None,
    width_px: int = USUAL_WIDTH,
) -> Picture:
    """Return a page of a round's file, counted from 1.

    Raises:
        NotFoundError: There is no such round, file or page.
        NotPermittedError: The person may not see the draft itself.
        UnreadableError: The file has no pages, or they cannot be drawn.
    """
    _, data = look.file_of(desk, number, name, person=person, round_number=round_number)
    kind_of(data)
    return _painter(desk).page(data, page, width_px=width_px)


def excerpts_of(report: Mapping[str, Any]) -> Iterator[Excerpt]:
    """Yield what is to be marked on pages: findings in what a reader sees there.

    How many letters come before each on its page is counted, so that of the same
    words the right ones are marked; older reports do not tell.
    """
    if not is_laid_out(report):
        for one in report["findings"]:
            page = one["where"].get("page")
            if one["passage"] is not None and page is not None and not one["hidden"]:
                yield Excerpt(one["id"], page, one["text"])
        return
    blocks = [one for one in laid(report) if _on_page(one)]
    wanted = {one.where.page for one in blocks if one.text.marks}
    before: dict[int, int] = {}
    for one in blocks:
        page, text = one.where.page, one.text.text
        if page is None or page not in wanted:
            continue
        so_far = before.get(page, 0)
        for mark in one.text.marks:
            after = so_far + len(squeezed(text[: mark.start]))
            yield Excerpt(mark.id, page, text[mark.start : mark.end], after)
        before[page] = so_far + len(squeezed(text))


def _on_page(one: Laid) -> bool:
    """Tell whether the block is ink on a page of the file itself."""
    return not one.hidden and one.where.page is not None and one.where.path is None


def _painter(desk: Desk) -> Painter:
    if desk.painter is None:
        raise UnsupportedError("这里不能显示页面图，请看提取出来的文字，或下载后打开。")
    return desk.painter
