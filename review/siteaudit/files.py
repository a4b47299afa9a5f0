"""Holds files against the record: attachments, pictures, whatever is no page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from review.siteaudit import addresses, wording
from review.siteaudit.interface import Deviation, Reviewed, SeenFile
from review.siteaudit.judging import Judged
from review.siteaudit.library import Library


@dataclass(frozen=True, slots=True)
class Shelf:
    """What files are held against: the record, the pages that name them, the template's."""

    library: Library
    judged: Mapping[str, Judged]
    template: frozenset[str]


def judge_file(file: SeenFile, shelf: Shelf) -> Deviation | None:
    """Return what is wrong with a file, None where it was cleared or dresses every page."""
    known = shelf.library.by_file.get(file.digest, ())
    items = _named_by(file, shelf)
    if any(one.standing == "live" for one in known):
        return _not_theirs(file, known, items)
    if known:
        return _no_longer(file, known[0], items)
    if file.address in shelf.template or _by_address(file, items):
        return None
    return _unknown(file, shelf)


def told_by_files(
    judged: Iterable[Judged], deviations: Sequence[Deviation]
) -> frozenset[str]:
    """Return pages about which only that is wrong which their files are told for.

    A picture that was replaced is one thing, not two.
    """
    replaced = {one.address for one in deviations if one.kind == "attachment"}
    return frozenset(
        one.page.address
        for one in judged
        if one.deviation is not None
        and one.deviation.kind == "changed"
        and _only_pictures(
            one.deviation.reasons, len(replaced & set(one.page.pictures))
        )
    )


def _only_pictures(reasons: Sequence[str], replaced: int) -> bool:
    """Tell whether so many replaced pictures are all that is wrong."""
    gone = [one for one in reasons if one.startswith(wording.PICTURE_GONE)]
    extra = [one for one in reasons if one.startswith(wording.PICTURE_EXTRA)]
    told = len(gone) + len(extra) == len(reasons)
    return told and 0 < len(gone) <= replaced and len(extra) <= replaced


def _no_longer(
    file: SeenFile, item: Reviewed, items: Sequence[Reviewed]
) -> Deviation | None:
    if any(item.case == one.case for one in items):
        return None  # told with its page: one item, one finding
    reason = wording.STANDING[item.standing]
    return _deviation(file, item.standing, item, (reason,))


def _unknown(file: SeenFile, shelf: Shelf) -> Deviation:
    """Tell of bytes that no review has seen: in the place of a cleared file, or new."""
    where = "、".join(file.pages[:3])
    for address in file.pages:
        item = shelf.judged[address].item if address in shelf.judged else None
        if item is None or item.standing != "live":
            continue
        shown = file.address in shelf.judged[address].page.pictures
        if _leads_to(item, file) or (shown and _came_with_pictures(item)):
            reason = f"文件与审查通过的不是同一个（字节不同），出现在 {where}。"
            return _deviation(file, "attachment", item, (reason,))
    named = (f"出现在 {where}。",) if where else ()
    return _deviation(file, "not_reviewed", None, wording.nobody_knows(named))


def _leads_to(item: Reviewed, file: SeenFile) -> bool:
    """Tell whether the cleared body leads to that address, or shows what is there."""
    body = item.contents.body if item.contents else ()
    found = [one.link for one in body if one.link]
    found += [one.value for one in body if one.kind in {"image", "media"}]
    return any(addresses.spelled(one, file.address) == file.address for one in found)


def _came_with_pictures(item: Reviewed) -> bool:
    """Tell whether its pictures stand in it by their bytes, so that no address names them."""
    body = item.contents.body if item.contents else ()
    return any(one.kind == "image" and one.value.startswith("sha256:") for one in body)


def _named_by(file: SeenFile, shelf: Shelf) -> list[Reviewed]:
    pages = (shelf.judged.get(one) for one in file.pages)
    return [one.item for one in pages if one is not None and one.item is not None]


def _not_theirs(
    file: SeenFile, known: Sequence[Reviewed], items: Sequence[Reviewed]
) -> Deviation | None:
    """Tell of a file that was cleared, but with another item than the one that bears it."""
    cases = {one.case for one in known if one.standing == "live"}
    bearing = [one for one in items if one.standing == "live" and one.attachments]
    if not bearing or any(one.case in cases for one in items):
        return None
    name = addresses.file_name(file.address)
    reason = f"文件“{wording.clip(name)}”是随另一件（{min(cases)}）审查通过的，不是这一件的附件。"
    return _deviation(file, "attachment", bearing[0], (reason,))


def _by_address(file: SeenFile, items: Sequence[Reviewed]) -> bool:
    """Tell a picture that was cleared by its address, its bytes not being at hand then."""
    return any(
        piece.kind in {"image", "media"}
        and not piece.value.startswith("sha256:")
        and addresses.spelled(piece.value, file.address) == file.address
        for one in items
        if one.contents is not None and one.standing == "live"
        for piece in one.contents.body
    )


def _deviation(
    file: SeenFile, kind: str, item: Reviewed | None, reasons: tuple[str, ...]
) -> Deviation:
    return Deviation(
        address=file.address,
        kind=kind,  # type: ignore[arg-type]  # - a standing other than live is a kind
        title=addresses.file_name(file.address),
        digest=file.digest,
        case=item.case if item else None,
        department=item.department if item else None,
        reasons=reasons,
    )
