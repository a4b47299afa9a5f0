"""Every endpoint × every post × own and other department, against the tables of posts."""

import pytest

from review.case.people import ADMINISTRATORS
from tests.api.college import College, Founded
from tests.api.matrix import HOLDERS, ROWS, Row, may_ask


@pytest.fixture
def closed(founded: Founded) -> str:
    """Return a case at which no step is possible any more."""
    return founded.closed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_endpoint_answers_whom_the_tables_name(
    standing: College, closed: str, row: Row
) -> None:
    for post, own, person in HOLDERS:
        status, code = _asked(standing, row, closed, person)
        allowed = may_ask(row, post, own=own)
        who = f"{post}, {'own' if own else 'other'} department: {status} {code}"
        if row.asks == "site":
            assert status == 401, who
        elif allowed:
            assert code not in {"not_permitted", "not_signed_in", "error"}, who
        else:
            assert (status, code) == (403, "not_permitted"), who


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_endpoint_knows_who_is_not_signed_in(
    standing: College, closed: str, row: Row
) -> None:
    answer = standing.nobody().request(row.method, _address(row, closed))
    if row.asks == "nothing":
        assert answer.status_code != 401
    else:
        assert answer.status_code == 401, answer.text


def test_every_endpoint_has_its_row(standing: College) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in standing.app.openapi()["paths"].items()
        for method in operations
    }
    assert described == {row.name for row in ROWS}
    assert len(ROWS) == len(described)


def test_the_administrators_take_no_step_of_a_case() -> None:
    steps = [row for row in ROWS if row.on_a_case and row.method != "GET"]
    assert steps
    for post in ADMINISTRATORS - {"auditor"}:
        assert not any(may_ask(row, post, own=True) for row in steps)


def _asked(
    college: College, row: Row, number: str, person: str
) -> tuple[int, str | None]:
    browser = college.browser(person)
    version = college.site.case(number).version
    answer = browser.request(
        row.method,
        _address(row, number),
        json=row.json,
        data=row.form,
        files=row.files,
        params=row.query,
        headers={"If-Match": f'"{version}"'},
    )
    kind = answer.headers.get("content-type", "")
    code = answer.json().get("code") if "problem" in kind else None
    return answer.status_code, code


def _address(row: Row, number: str) -> str:
    return row.path.format(
        number=number,
        round_number=1,
        name="正文.txt",
        gap="1.g1",
        finding="1.f1",
        **row.names,
    )
