"""Figures by clause, of whole drafts, at the operating points."""

from review.evaluation.clauses import by_clause
from review.evaluation.drafts import measure_drafts
from review.evaluation.points import operating_points
from tests.unit.evaluation.judged import draft, judgement

_A, _B, _C = "001:12(2)", "001:12(15)", "003-2:4(1)"


def test_a_disclosure_counts_under_each_clause_of_its_label() -> None:
    figures = by_clause(
        [
            judgement(0.9, leak=True, clauses=(_A, _B), named=(_B,)),
            judgement(0.1, leak=True, clauses=(_A,), overt=True),
        ]
    )
    assert list(figures) == [_A, _B]
    first = figures[_A]
    assert (first["disclosures"], first["found"], first["missed"]) == (2, 1, 1)
    assert first["recall"]["share"] == 0.5
    assert (first["covert_recall"]["part"], first["covert_recall"]["whole"]) == (1, 1)
    assert first["named"]["share"] == 0
    assert figures[_B]["named"]["share"] == 1


def test_clauses_stand_in_reading_order() -> None:
    clauses = ["003-12:8(1)", _B, "004:公文的交办", "003-2:4(10)", _A, "003-2:4(9)"]
    figures = by_clause([judgement(leak=True, clauses=(one,)) for one in clauses])
    assert list(figures) == [
        _A,
        _B,
        "003-2:4(9)",
        "003-2:4(10)",
        "003-12:8(1)",
        "004:公文的交办",
    ]


def test_look_alikes_are_those_whose_label_names_the_clause() -> None:
    figures = by_clause(
        [
            judgement(0.9, leak=False, clauses=(_A,), named=(_B,)),
            judgement(0.1, leak=False, clauses=(_A,)),
            judgement(0.9, leak=False, named=(_B,)),
            judgement(0.1, leak=False, named=(_C,)),
            # Another clause than labelled, but rightly flagged.
            judgement(0.9, leak=True, clauses=(_A,), named=(_C,)),
        ]
    )
    alike = figures[_A]["look_alikes"]
    assert (alike["part"], alike["whole"]) == (1, 2)
    assert figures[_A]["false_flags"] == 0
    assert figures[_B]["false_flags"] == 2
    assert figures[_B]["recall"]["share"] is None
    assert _C not in figures


def test_a_leaking_draft_is_noticed_by_any_of_its_paragraphs() -> None:
    leak, miss = judgement(0.9, leak=True), judgement(0.1, leak=True)
    fine, wrong = judgement(0.1, leak=False), judgement(0.9, leak=False)
    figures = measure_drafts(
        [
            draft("D1", leak, fine),
            draft("D2", miss, wrong),
            draft("D3", miss, fine),
            draft("D4", fine, fine),
            draft("D5", wrong, fine),
            draft("P1", wrong, alone=True),
        ]
    )
    assert figures is not None
    assert figures["drafts"] == 5

    def counted(name: str) -> tuple[int, int]:
        return figures[name]["part"], figures[name]["whole"]

    assert counted("leaking_flagged") == (2, 3)
    assert counted("clean_flagged") == (1, 2)
    assert counted("leaking_paragraphs_found") == (1, 3)
    assert counted("public_paragraphs_flagged") == (2, 7)
    assert figures["unnoticed"] == ["D3"]


def test_passages_alone_make_no_drafts() -> None:
    assert measure_drafts([draft("P1", judgement(leak=True), alone=True)]) is None


def test_the_block_point_is_there_if_the_model_has_one() -> None:
    judgements = [
        judgement(0.95, leak=True, severity="block"),
        judgement(0.6, leak=True),
        judgement(0.7, leak=False, severity="block"),
        # A hard finding flags whatever the score.
        judgement(0.1, leak=True, flag=True),
        judgement(0.2, leak=False),
    ]
    without = operating_points(judgements, {"review": 0.5})
    assert list(without) == ["review", "severity_block"]
    points = operating_points(judgements, {"review": 0.5, "block": 0.9})
    assert points["review"]["point"] == 0.5
    assert points["review"]["flagged"] == 4
    assert points["review"]["recall"]["share"] == 1
    assert points["review"]["false_flag_rate"]["share"] == 0.5
    assert points["block"]["point"] == 0.9
    assert points["block"]["flagged"] == 1
    assert points["block"]["precision"]["share"] == 1
    assert points["severity_block"]["point"] is None
    assert points["severity_block"]["precision"]["share"] == 0.5
