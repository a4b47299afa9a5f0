"""Measures the corpus: how much there is of what, and how unlike its passages are.

python -m benchmarks.corpus
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix

from review.detect.compile_lexicon import write_compiled
from review.detect.corpus import Example, read_corpus
from review.detect.features import NGRAM_BITS, ORDERS, hash_ngrams
from review.resources import lexicons_folder, passage_model_folder

_STRETCH: Final = 512
_ENOUGH: Final = 15
_ALIKE: Final = 0.5


def main() -> None:
    """Print what the datasheet says in figures."""
    examples = read_corpus(passage_model_folder() / "corpus")
    for name, value in (*_counts(examples), *_diversity(examples), *_clauses(examples)):
        print(f"{name:<58}{value}")


def _counts(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    told = [one for one in examples if one.sensitive]
    drafts = {one.family for one in examples if "#" in one.id}
    families = Counter(one.family for one in examples)
    yield "passages and paragraphs", str(len(examples))
    yield "whole drafts", str(len(drafts))
    yield "paragraphs of drafts", str(sum("#" in one.id for one in examples))
    yield "disclosures", str(len(told))
    yield (
        "disclosures without a word of the lists",
        str(sum(one.covert for one in told)),
    )
    yield (
        "public passages with words of the lists",
        str(sum(not (one.sensitive or one.covert) for one in examples)),
    )
    yield "families", str(len(families))
    largest = max(families.values())
    yield "largest family", f"{largest} ({largest / len(examples):.2%})"
    lengths = [len(one.text) for one in examples]
    yield "median length, characters", str(int(statistics.median(lengths)))


def _diversity(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    for order in (2, 3, 4):
        grams = Counter(
            one.text[at : at + order]
            for one in examples
            for at in range(len(one.text) - order + 1)
        )
        share = len(grams) / sum(grams.values())
        yield f"distinct {order}-grams / all", f"{share:.3f}"
    nearest = _nearest(examples)
    near = sum(one >= _ALIKE for one in nearest)
    yield "similarity to the nearest other family, median", f"{np.median(nearest):.3f}"
    yield (
        "similarity to the nearest other family, 99 %",
        f"{np.quantile(nearest, 0.99):.3f}",
    )
    yield f"passages with such a neighbour at {_ALIKE} or more", str(near)


def _nearest(examples: Sequence[Example]) -> list[float]:
    """Return each passage's largest cosine of n-grams with one of another family."""
    hashed = hash_ngrams([one.text for one in examples])
    rows: Any = csr_matrix(
        (hashed.values, (hashed.rows, hashed.columns)),
        shape=(hashed.height, len(ORDERS) << NGRAM_BITS),
    )
    families = np.asarray([one.family for one in examples])
    found: list[float] = []
    for start in range(0, len(examples), _STRETCH):
        here = slice(start, start + _STRETCH)
        alike = (rows[here] @ rows.T).toarray()
        alike[families[here, None] == families[None, :]] = 0
        found += alike.max(axis=1).tolist()
    return found


def _clauses(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    listed = {
        clause
        for rule in write_compiled(lexicons_folder()).rules
        for clause in rule.scope.clauses
    }
    told = Counter(
        clause for one in examples if one.sensitive for clause in set(one.clauses)
    )
    covert = Counter(
        clause
        for one in examples
        if one.sensitive and one.covert
        for clause in set(one.clauses)
    )
    enough = [one for one in listed if told[one] >= _ENOUGH]
    half = [one for one in enough if covert[one] * 2 >= told[one]]
    yield "listed clauses", str(len(listed))
    yield f"of them with {_ENOUGH} disclosures or more", str(len(enough))
    yield "of those, half of them covert", str(len(half))
    thin = sorted((told[one], one) for one in listed if told[one] < _ENOUGH)
    yield "fewest", "、".join(f"{clause} {count}" for count, clause in thin[:40])


if __name__ == "__main__":
    main()
