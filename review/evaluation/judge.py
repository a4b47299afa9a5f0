"""Runs the scan, its halves and a plain keyword match over labelled data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from review.detect.compiled_rules import CompiledLexicon
from review.detect.examine import Examination, Examiner, rule_scores
from review.detect.interface import Exemption, Finding
from review.errors import ModelError
from review.evaluation.data import Labelled, LabelledDraft
from review.evaluation.pulls import Pulls, pulls_of
from review.extract.interface import Block, Document
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize, single_passage
from review.spans import Location

Method: TypeAlias = Literal["both", "rules", "classifier", "keywords"]
METHODS: Final[tuple[Method, ...]] = ("both", "rules", "classifier", "keywords")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one method says of one passage."""

    flag: bool
    score: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """All methods' outcomes on one labelled passage, and the main finding.

    `exempted` holds what was found and let pass, with the reason.
    """

    passage: Labelled
    outcomes: Mapping[Method, Outcome]
    category: str | None
    tier: str | None
    clauses: tuple[str, ...]
    findings: tuple[Finding, ...]
    exempted: tuple[Exemption, ...] = ()

    @property
    def flagged(self) -> bool:
        """Tell whether the whole scan flags the passage."""
        return self.outcomes["both"].flag


class Judge:
    """The scan and what it is compared with."""

    def __init__(self, examiner: Examiner) -> None:
        """Set up the halves.

        Raises:
            ModelError: The examiner has no classifier.
        """
        if examiner.classifier is None:
            raise ModelError("没有分类模型，无法评测")
        self._both = examiner
        self._classifier = examiner.classifier
        self._rules = Examiner(examiner.lexicon, None)
        self._keywords = keywords_of(examiner.lexicon)

    def judge(self, draft: LabelledDraft) -> list[Judgement]:
        """Judge every paragraph of a draft in its context."""
        text, owners = _as_text(draft)
        both = self._both.examine(text)
        rules = self._rules.examine(text)
        best_rules = rule_scores(rules.findings, len(text.passages))
        alone = [
            one.probability for one in self._classifier.judge(self._both.signals(text))
        ]
        point = self._classifier.point_for(text)
        return [
            self._one(paragraph, own, both, (best_rules, alone, point))
            for paragraph, own in zip(draft.paragraphs, owners, strict=True)
        ]

    def points(self, *, alone: bool = False) -> dict[str, float]:
        """Return the model's operating points by name, as far as it has them.

        `alone` asks for those of passages that stand alone, not of whole drafts.
        """
        review = "alone_point" if alone else "review_point"
        held = self._classifier.manifest.get
        named = {
            "review": held(review, held("review_point")),
            "block": held("block_point"),
        }
        return {
            name: float(point) for name, point in named.items() if point is not None
        }

    def pulls(self, text: str) -> Pulls:
        """Return the words of one passage that weighed most with the classifier."""
        alone = single_passage(text)
        (signal,) = self._both.signals(alone)
        folded = alone.passages[0].text
        return pulls_of(folded, signal.words, self._classifier.summed_weights(folded))

    def _one(
        self,
        paragraph: Labelled,
        own: Sequence[int],
        both: Examination,
        halves: tuple[Sequence[float], Sequence[float], float],
    ) -> Judgement:
        rules, alone, point = halves
        grave = tuple(
            one
            for one in both.findings
            if one.passage in own and one.severity != "notice"
        )
        main = max(grave, key=lambda one: one.score, default=None)
        rule = max((rules[at] for at in own), default=0.0)
        probability = max((alone[at] for at in own), default=0.0)
        count = sum(word in paragraph.text for word in self._keywords)
        return Judgement(
            passage=paragraph,
            outcomes={
                "both": Outcome(
                    bool(grave),
                    max((both.probabilities[at] for at in own), default=0.0),
                ),
                "rules": Outcome(rule >= RULE_POINT, rule),
                "classifier": Outcome(probability >= point, probability),
                "keywords": Outcome(count > 0, float(count)),
            },
            category=main.category if main else None,
            tier=main.tier if main else None,
            clauses=tuple(name for one in grave for name in one.clauses),
            findings=grave,
            exempted=tuple(
                one for one in both.exemptions if one.finding.passage in own
            ),
        )


# A rule's finding of two points or more; notices lie below.
RULE_POINT: Final = 0.5


def keywords_of(lexicon: CompiledLexicon) -> tuple[str, ...]:
    """Return the lexicons' object terms, for the plain keyword match."""
    return tuple(sorted({word for rule in lexicon.rules for word in rule.terms}))


def _as_text(draft: LabelledDraft) -> tuple[NormalizedText, list[list[int]]]:
    """Return the draft folded, and which passages make up each paragraph."""
    if draft.alone:
        only = draft.paragraphs[0]
        return single_passage(only.text, title=draft.title, channel=draft.channel), [
            [0]
        ]
    blocks = tuple(
        Block(one.text, Location(paragraph=number))
        for number, one in enumerate(draft.paragraphs, start=1)
    )
    document = Document(draft.id, "txt", "", 0, blocks)
    text = normalize(document, title=draft.title, channel=draft.channel)
    owners: list[list[int]] = [[] for _ in draft.paragraphs]
    for passage in text.passages:
        owners[(passage.where.paragraph or 1) - 1].append(passage.index)
    return text, owners
