"""A proxy's question: by the address on record, or by a file's bytes; never by a row's word."""

import pytest
from sqlalchemy import text

from review import digests
from review.case.values import Channel
from review.errors import NotPermittedError
from review.service.cases import publish
from review.service.gate import calls as gate
from review.service.gate.question import Answer, Offered, OfferedFile
from review.service.gate.served import ToServe, may_serve
from tests.service.cms import HOME, NAME, PAGE, Cms, join
from tests.service.site import TEACHING, TITLE, Site, page

ADDRESS = "https://news.example.edu.cn/news/1.html"
OTHER = page("另一篇虚构的报道。\n")
LIST = "运动员名单：甲班、乙班。\n".encode()


class Proxy:
    """A proxy with the site's key."""

    def __init__(self, cms: Cms) -> None:
        self.cms = cms

    def page(
        self, body: bytes = PAGE, address: str = ADDRESS, channel: Channel = "website"
    ) -> Answer:
        offered = Offered(TITLE, NAME, body)
        return self._ask(ToServe(address=address, channel=channel, offered=offered))

    def file(self, data: bytes, channel: Channel = "website") -> Answer:
        offered = OfferedFile(digests.of_bytes(data))
        return self._ask(ToServe(address=ADDRESS, channel=channel, offered=offered))

    def _ask(self, asked: ToServe) -> Answer:
        desk, cms = self.cms.college.desk, self.cms
        return may_serve(desk, cms.keeper, cms.key, asked, address=HOME)


@pytest.fixture
def proxy(site: Site) -> Proxy:
    return Proxy(join(site))


def published(cms: Cms, number: str, address: str = ADDRESS) -> None:
    gate.publications(
        cms.college.desk,
        number,
        site=cms.me,
        channel="website",
        address=address,
        published_at=cms.college.clock.at,
    )


def test_a_page_is_served_where_it_is_on_record_as_published(proxy: Proxy) -> None:
    number = proxy.cms.cleared().number
    assert proxy.page().code == "not_reviewed"
    published(proxy.cms, number)
    assert proxy.page().allowed
    assert proxy.page(address=ADDRESS.replace("https", "HTTPS")).allowed
    assert proxy.page(address=f"{ADDRESS}?id=2").code == "not_reviewed"
    assert proxy.page(address=ADDRESS.upper()).code == "not_reviewed"
    assert proxy.page(channel="wechat").code == "not_reviewed"
    assert proxy.page(OTHER).code == "changed"


def test_each_question_looks_at_the_clearance_again(proxy: Proxy) -> None:
    number = proxy.cms.cleared().number
    published(proxy.cms, number)
    college = proxy.cms.college
    assert proxy.page().allowed
    publish.revoke(
        college.desk,
        number,
        cause="error",
        reason="名单有误",
        asker=college.by("li", number),
    )
    assert proxy.page().code == "revoked"
    assert proxy.file(PAGE).code == "revoked"


def test_a_new_version_at_the_same_address_takes_its_place(proxy: Proxy) -> None:
    first = proxy.cms.cleared().number
    published(proxy.cms, first)
    second = proxy.cms.cleared(OTHER, external_id="news-1-2").number
    assert proxy.page(OTHER).code == "changed"
    published(proxy.cms, second)
    assert proxy.page(OTHER).allowed
    assert proxy.page(OTHER).case == second
    # The old one's clearance holds, too.
    assert proxy.page().case == first


def test_a_file_is_served_by_its_bytes(proxy: Proxy) -> None:
    proxy.cms.cleared(attachments=[("名单.txt", LIST)])
    assert proxy.file(LIST).allowed
    assert proxy.file(PAGE).allowed
    assert proxy.file(LIST + b".").code == "not_reviewed"
    assert proxy.file(LIST, "wechat").code == "channel"
    # The title is a file of the record, and no file to be served.
    assert proxy.file(TITLE.encode()).code == "changed"


def test_a_file_of_what_is_not_cleared_is_not_served(proxy: Proxy) -> None:
    proxy.cms.submit(attachments=[("名单.txt", LIST)])
    assert proxy.file(LIST).code == "pending"
    proxy.cms.cleared(OTHER, external_id="news-2", attachments=[("a.txt", LIST)])
    assert proxy.file(LIST).allowed


def test_a_no_is_put_on_record_once_a_day(proxy: Proxy) -> None:
    for _ in range(3):
        proxy.page()
        proxy.file(LIST)
    refused = [(one.code, one.contents) for one in proxy.cms.refusals()]
    assert len(refused) == 2
    assert ("not_reviewed", digests.of_bytes(LIST)) in refused


def test_rows_that_lie_let_nothing_else_out(proxy: Proxy) -> None:
    cleared = proxy.cms.cleared().number
    published(proxy.cms, cleared)
    waiting = proxy.cms.submit(OTHER, external_id="news-2").number
    refused = digests.of_bytes(OTHER)
    with proxy.cms.college.engine.begin() as database:
        database.execute(
            text("UPDATE kept SET case_number = :one WHERE digest = :other"),
            {"one": cleared, "other": refused},
        )
    assert proxy.file(OTHER).code == "changed"
    # The same row, put right, leads to a case that nobody has cleared.
    with proxy.cms.college.engine.begin() as database:
        database.execute(
            text("UPDATE kept SET case_number = :one WHERE digest = :other"),
            {"one": waiting, "other": refused},
        )
    assert proxy.file(OTHER).code == "pending"


def test_a_place_that_lies_leads_to_what_was_cleared_or_nowhere(proxy: Proxy) -> None:
    cleared = proxy.cms.cleared().number
    published(proxy.cms, cleared)
    waiting = proxy.cms.submit(OTHER, external_id="news-2").number
    assert proxy.page().allowed
    with proxy.cms.college.engine.begin() as database:
        moved = database.execute(
            text("UPDATE published_places SET case_number = :other"),
            {"other": waiting},
        )
    assert moved.rowcount == 1
    assert proxy.page().code == "pending"
    assert proxy.page(OTHER).code == "pending"


def test_another_departments_site_may_not_ask(proxy: Proxy) -> None:
    number = proxy.cms.cleared().number
    published(proxy.cms, number)
    other = join(
        proxy.cms.college, id="site-other", name="教务网", departments=(TEACHING,)
    )
    stranger = Proxy(other)
    assert not _allowed(stranger)


def _allowed(proxy: Proxy) -> bool:
    try:
        return proxy.page().allowed
    except NotPermittedError:
        return False
