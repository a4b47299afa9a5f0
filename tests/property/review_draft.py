"""What the drafts of the random review say: the same few passages in every file."""

from typing import Any, Final

from review.case.case import Case
from review.case.request import Addition, Passage

PASSAGES: Final = ("学院近日举行示例活动。", "　 \n", "名单另行通知，联系人何拟稿。")
# What the machine marked in each file, whatever the drawn report says of it.
FOUND: Final = ((2, 0, 2, "exam"),)


def full_report(files: int) -> list[dict[str, Any]]:
    """Return as much of a full report's files as people who add to it need."""
    texts = enumerate(PASSAGES)
    one = {
        "text": [
            {"passage": number, "text": text, "hidden": False} for number, text in texts
        ],
        "findings": [
            {"passage": passage, "start": start, "end": end, "category": category}
            for passage, start, end, category in FOUND
        ],
    }
    return [one] * files


def passage_at(case: Case, addition: Addition) -> Passage | None:
    """Return the passage that is meant; None if the round has none there."""
    here = range(len(PASSAGES))
    if addition.file >= len(case.item.files) or addition.passage not in here:
        return None
    found = (one[1:] for one in FOUND if one[0] == addition.passage)
    return Passage(text=PASSAGES[addition.passage], found=tuple(found))
