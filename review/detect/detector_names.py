"""What is known of each detector by its name: its word, and how others weigh what it finds.

A new detector is a row here. What it leaves at `False` is decided by that, not forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from review.detect.interface import DetectorName


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorTraits:
    """How the findings of one detector are taken.

    `word` is what people read. `certain`: they count whatever the classifier says.
    `numbers`: they say nothing of the matter that a number or a list belongs to, so the
    classifier may still speak of the passage. `of_the_draft`: they are about the draft or
    about how something is hidden, not about what a passage says, and teach nothing.
    `by_words`: the scope lists' own words or a marking stood there, which is overt.
    """

    word: str
    certain: bool = False
    numbers: bool = False
    of_the_draft: bool = False
    by_words: bool = False


DETECTORS: Final[Mapping[DetectorName, DetectorTraits]] = {
    "marking": DetectorTraits(word="密级或内部标志", certain=True, by_words=True),
    "lexicon": DetectorTraits(word="词库规则", by_words=True),
    "pattern": DetectorTraits(word="号码、账号和凭据", certain=True, numbers=True),
    "roster": DetectorTraits(word="名单和登记表", certain=True, numbers=True),
    "classifier": DetectorTraits(word="分类模型"),
    "document_kind": DetectorTraits(word="文种", of_the_draft=True),
    "repost": DetectorTraits(word="全文转载", of_the_draft=True),
    "duplicate": DetectorTraits(word="与不予公开的稿件重复"),
    "hidden": DetectorTraits(word="隐藏内容", of_the_draft=True),
}

CERTAIN: Final = frozenset(name for name, one in DETECTORS.items() if one.certain)
NUMBERS: Final = frozenset(name for name, one in DETECTORS.items() if one.numbers)
OF_THE_DRAFT: Final = frozenset(
    name for name, one in DETECTORS.items() if one.of_the_draft
)
BY_WORDS: Final = frozenset(name for name, one in DETECTORS.items() if one.by_words)
