"""Whoever takes a draft out of the program stands in the record."""

import pytest

from review.access.events import DraftDownloaded
from review.errors import NotFoundError, NotPermittedError
from review.ledger import statement
from review.service.cases import downloads
from tests.service.site import CLEAN, MARKED, Site


def _downloads(site: Site) -> tuple[DraftDownloaded, ...]:
    with site.desk.store.reading() as reading:
        found = [
            statement.read(one.statement).event
            for one in reading.entries_of_kind("draft.downloaded")
        ]
    return tuple(one for one in found if isinstance(one, DraftDownloaded))


def test_a_download_stands_in_the_record_each_time(site: Site) -> None:
    case = site.submit(CLEAN, name="正文.txt")
    for _ in range(2):
        file, data = downloads.download(site.desk, case.number, "正文.txt", person="li")
        assert data == CLEAN.encode()
    first, second = _downloads(site)
    assert (first.by.id, first.by.post) == ("li", "office")
    assert (first.case, first.round, first.name) == (case.number, 1, "正文.txt")
    assert first.digest == file.digest
    assert second.at == site.desk.now()


def test_a_download_changes_nothing_of_the_case(site: Site) -> None:
    case = site.submit(CLEAN)
    before = site.kinds(case.number)
    downloads.download(site.desk, case.number, "正文.txt", person="zhang")
    assert site.kinds(case.number) == before
    assert site.case(case.number) == case


def test_an_earlier_round_is_named(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.resubmit(number, f"{CLEAN}又及。\n")
    _, data = downloads.download(
        site.desk, number, "正文.txt", person="zhang", round_number=1
    )
    assert data == CLEAN.encode()
    downloads.download(site.desk, number, "正文.txt", person="zhang")
    assert [one.round for one in _downloads(site)] == [1, 2]


def test_what_was_not_handed_out_is_no_download(site: Site) -> None:
    number = site.submit(MARKED).number
    with pytest.raises(NotPermittedError):
        downloads.download(site.desk, number, "正文.txt", person="zhang")
    with pytest.raises(NotFoundError):
        downloads.download(site.desk, number, "别的.txt", person="li")
    assert _downloads(site) == ()
    assert site.refusals()[-1].verb == "look_at_contents"
