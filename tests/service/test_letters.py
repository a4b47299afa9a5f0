"""The clearance letter says what the record says, and only while it holds."""

import pytest

from review.errors import NotFoundError, NotPermittedError
from review.service.cases import publish
from review.service.papers.letters import clearance_letter
from tests.service.site import CLEAN, PHONE, TITLE, Site

ADDRESS = "https://review.example.edu.cn/verify/1"


def test_a_cleared_item_has_a_letter(site: Site) -> None:
    case = site.cleared(CLEAN)
    letter = clearance_letter(site.desk, case.number, person="zhang", address=ADDRESS)
    assert case.grant is not None
    assert (letter.title, letter.case, letter.round) == (TITLE, case.number, 1)
    assert letter.channels == ("网站",)
    assert letter.valid_until == case.grant.valid_until
    assert (letter.contents, letter.token) == (
        case.grant.canonical,
        case.grant.token_digest,
    )
    assert [one.name for one in letter.files] == ["正文.txt"]
    assert (letter.signed_by, letter.address) == ("李样本", ADDRESS)


def test_without_a_clearance_that_holds_there_is_none(site: Site) -> None:
    waiting = site.submit(PHONE).number
    revoked, expired = site.cleared().number, site.cleared().number
    publish.revoke(
        site.desk, revoked, cause="error", reason="有误", asker=site.by("li", revoked)
    )
    site.clock.pass_by(days=site.desk.policy.clearance_valid_days)
    for number in (waiting, revoked, expired):
        with pytest.raises(NotFoundError, match="没有有效的公开许可"):
            clearance_letter(site.desk, number, person="zhang")


def test_another_department_gets_none(site: Site) -> None:
    number = site.cleared().number
    with pytest.raises(NotPermittedError):
        clearance_letter(site.desk, number, person="he")
