"""Laws of the gate under random pages: what a reader sees decides, and nothing else."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from review.contents.canonical import contents_of
from tests.service.cms import NAME, PAGE, TEXT, Cms, join
from tests.service.site import TITLE, Site, page

LINES = TEXT.splitlines()
# Letters that nothing folds into one another.
LETTERS = st.text(st.sampled_from("一二三甲乙丙学院abc123，。"), min_size=1, max_size=5)
SPACES = st.text(st.sampled_from(" \n\t\u3000\u200b"), max_size=4)
_FEW = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def cms(site: Site) -> Iterator[Cms]:
    cms = join(site)
    cms.cleared()
    yield cms
    assert cms.check().allowed


@_FEW
@given(
    at=st.integers(0, len(TEXT)),
    gone=st.integers(0, 3),
    put=st.text(max_size=0) | LETTERS,
)
def test_a_change_that_a_reader_sees_is_never_let_out(
    cms: Cms, at: int, gone: int, put: str
) -> None:
    changed = TEXT[:at] + put + TEXT[at + gone :]
    assume("".join(changed.split()) != "".join(TEXT.split()))
    answer = cms.check(page(changed))
    assert not answer.allowed
    assert answer.code == "changed"


@_FEW
@given(before=SPACES, between=SPACES, wrapped=st.booleans())
def test_other_wrapping_is_let_out(
    cms: Cms, before: str, between: str, *, wrapped: bool
) -> None:
    body = page(TEXT, wrapped=wrapped).decode()
    body = body.replace("<p>", f"<p>{before}").replace("</p>", f"{between}</p>")
    assert cms.check(body.encode()).allowed


@_FEW
@given(title=st.text(max_size=30))
def test_another_title_is_never_let_out(cms: Cms, title: str) -> None:
    def bare(text: str) -> str:
        return "".join(one for one in text if one.isalnum())

    assume(bare(title) != bare(TITLE))
    assert not cms.check(title=title).allowed


@_FEW
@given(
    tags=st.lists(
        st.sampled_from(["img", "a", "b", "script", "style", "del"]), min_size=1
    )
)
def test_the_gate_lets_out_what_reads_the_same_and_nothing_else(
    cms: Cms, tags: list[str]
) -> None:
    more = "".join(f'<{one} src="x" href="y">加</{one}>' for one in tags)
    body = PAGE.decode().replace("</body>", f"{more}</body>").encode()
    cleared, offered = contents_of(PAGE, NAME), contents_of(body, NAME)
    same = cleared.digest == offered.digest and set(offered.hidden) <= set(
        cleared.hidden
    )
    assert cms.check(body).allowed is same
