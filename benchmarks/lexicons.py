"""Counts what the rules must hold: every listed clause covered, every example as it says."""

from benchmarks.rows import Row
from review.detect.lexicon import load_lexicon
from review.detect.rule_tests import coverage, run_examples
from review.normalize.segment import segmenter_for
from review.resources import lexicons_folder


def main() -> None:
    """Count, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows() -> list[Row]:
    """Return the counts for the table of figures."""
    lexicon = load_lexicon(lexicons_folder())
    covered = coverage(lexicon)
    empty = sum(one.empty for one in covered)
    examples = sum(
        len(one.file.examples.flagged) + len(one.file.examples.passing)
        for one in lexicon.scopes
    )
    failed = len(run_examples(lexicon, segmenter_for()))
    return [
        Row(
            "clauses and listed items without a rule",
            f"{empty}",
            "= 0",
            f"{len(covered)} rows of `xianshen lexicon coverage`",
        ),
        Row(
            "examples that are judged otherwise",
            f"{failed}",
            "= 0",
            f"{examples} examples of {len(lexicon.scopes)} rules; `xianshen lexicon test`",
        ),
    ]


if __name__ == "__main__":
    main()
