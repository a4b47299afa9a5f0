"""The interface against its own description: no server error, nothing undescribed."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from api.deps import COOKIE
from tests.api.college import ADDRESS, College, Founded
from tests.api.matrix import HOLDERS, ROWS, Row, may_ask

# A draft may be well-formed and still be refused by a rule of the review; a method
# that is not there is answered by the framework; and what was made wrong on
# purpose is put right again by our cookie and by the number of a real case.
_NOT_ASKED = [positive_data_acceptance, unsupported_method, negative_data_rejection]
_QUICK, _LONG = 15, 80


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_answer_is_as_described(
    standing: College, founded: Founded, row: Row
) -> None:
    _play(standing, founded.waiting, row, examples=_QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_many_answers_are_as_described(
    standing: College, founded: Founded, row: Row
) -> None:
    _play(standing, founded.waiting, row, examples=_LONG)


def _play(college: College, number: str, row: Row, *, examples: int) -> None:
    """Ask in many ways, half of them about a case that is there, as it stands."""
    # Read anew: what was learned from the answers to one row is not used in another.
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", college.app, headers={"Host": "127.0.0.1"}
    )
    schema.config.update(base_url=ADDRESS)
    browser = college.browser(_holder(row))
    cookies = {COOKIE: browser.cookies[COOKIE]}
    operation = schema[row.path][row.method]
    asked = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asked, there=st.booleans())
    def answered_as_described(case: Case, *, there: bool) -> None:
        headers = {"X-CSRF-Token": browser.headers["X-CSRF-Token"]}
        if there:
            version = college.site.case(number).version
            headers["If-Match"] = f'"{version}"'
            case.path_parameters |= _of(row, number)
        case.call_and_validate(
            excluded_checks=_NOT_ASKED, cookies=cookies, headers=headers
        )

    answered_as_described()


def _of(row: Row, number: str) -> dict[str, object]:
    known = {"number": number, "round_number": 1, "name": "正文.txt"}
    return {name: value for name, value in known.items() if f"{{{name}}}" in row.path}


def _holder(row: Row) -> str:
    """Return somebody who may ask, so that more is tried than a refusal."""
    may = (person for post, own, person in HOLDERS if may_ask(row, post, own=own))
    return next(may, "zhao")
