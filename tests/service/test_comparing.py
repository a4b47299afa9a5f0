"""What an editor is told of what he pastes: as the gate would, and no more."""

import logging
from pathlib import Path

import pytest

from review.errors import NotFoundError, NotPermittedError
from review.service.cases import publish
from review.service.cases.comparing import Compared, compare_file, compare_text
from tests.service import site as sites
from tests.service.site import CLEAN, PHONE, TITLE, Site

BODY = CLEAN.partition("\n")[2]


def compared(site: Site, number: str, text: str, **options: str) -> Compared:
    asked = {"channel": "website", "person": "zhang", **options}
    return compare_text(site.desk, number, text, **asked)  # type: ignore[arg-type]  # - as the test names them


def test_the_same_text_is_found_the_same_however_it_is_broken(site: Site) -> None:
    number = site.cleared().number
    for text in (
        CLEAN,
        CLEAN.replace("\n", "\r\n\r\n　　"),
        CLEAN.replace("，", "，\n"),
        f"\ufeff{CLEAN}\u200b",
    ):
        found = compared(site, number, text)
        assert (found.found, found.may_go_out) == ("same_text", True)


def test_the_title_may_come_along_or_not(site: Site) -> None:
    number = site.cleared(sites.page(BODY), name="正文.html").number
    assert compared(site, number, BODY).found == "same_text"
    assert compared(site, number, f"{TITLE}\n{BODY}").found == "same_text"
    assert compared(site, number, f"{TITLE}！\n{BODY}").found == "different"


@pytest.mark.parametrize(
    "text",
    [
        CLEAN.replace("十二", "十三"),
        CLEAN.replace("踊跃", "跃"),
        f"{CLEAN}甲",
        CLEAN.replace("，", "、", 1),
        CLEAN.rpartition("。")[0],
        "另一件事。",
    ],
)
def test_one_character_is_told(site: Site, text: str) -> None:
    found = compared(site, site.cleared().number, text)
    assert found.found == "different"
    assert not found.may_go_out
    assert found.comparison.changes


def test_whether_the_clearance_holds_is_told_besides(site: Site) -> None:
    revoked, expired = site.cleared().number, site.cleared().number
    assert compared(site, revoked, CLEAN, channel="press").standing == "channel"
    assert not compared(site, revoked, CLEAN, channel="press").may_go_out
    publish.revoke(
        site.desk, revoked, cause="error", reason="有误", asker=site.by("li", revoked)
    )
    assert compared(site, revoked, CLEAN).standing == "revoked"
    site.clock.pass_by(days=site.desk.policy.clearance_valid_days)
    late = compared(site, expired, CLEAN)
    assert (late.found, late.standing, late.may_go_out) == (
        "same_text",
        "expired",
        False,
    )


def test_a_file_is_compared_as_the_gate_does_or_by_its_characters(site: Site) -> None:
    number = site.cleared(sites.page(CLEAN), name="正文.html").number

    def file(name: str, data: bytes) -> Compared:
        return compare_file(
            site.desk, number, name, data, channel="website", person="zhang"
        )

    assert file("a.html", sites.page(CLEAN, wrapped=True)).found == "same"
    document = file("a.docx", sites.docx(CLEAN))
    # Its properties name the program that wrote it, which the page did not.
    assert (document.found, document.comparison.hidden_added) == ("same_text", True)
    linked = sites.page(CLEAN).replace(b"<p>", b'<p><a href="/x">', 1)
    linked = linked.replace(b"</p>", b"</a></p>", 1)
    assert file("a.html", linked).found == "same_text"
    changed = file("a.docx", sites.docx(CLEAN.replace("十二", "十三")))
    assert changed.found == "different"
    hidden = sites.page(CLEAN).replace(
        b"</body>", "<p hidden>内部名单</p></body>".encode()
    )
    assert file("a.html", hidden).comparison.hidden_added
    assert not file("a.html", hidden).may_go_out
    assert file("a.docx", b"PK\x03\x04 broken").found == "unreadable"
    assert file("a.png", b"\x89PNG\r\n\x1a\n").found == "unreadable"


@pytest.mark.parametrize(
    "more",
    [
        '<img src="https://x.example/a.png">',
        "<svg><text>内部</text></svg>",
        "<math><mi>x</mi></math>",
        '<object data="/a.pdf"></object>',
        "<script>document.write('内部')</script>",
        "<style>p::after { content: '内部' }</style>",
        '<input type="checkbox" checked>',
    ],
)
def test_what_shows_more_than_its_characters_is_told(site: Site, more: str) -> None:
    number = site.cleared(sites.page(CLEAN), name="正文.html").number
    data = sites.page(CLEAN).replace(b"</body>", f"{more}</body>".encode())
    found = compare_file(
        site.desk, number, "a.html", data, channel="website", person="zhang"
    )
    assert (found.found, found.may_go_out) == ("different", False)
    assert found.comparison.changes


def test_another_picture_is_left_to_the_count(site: Site) -> None:
    def page(size: int) -> bytes:
        drawn = f'<svg><circle r="{size}"></circle></svg></body>'
        return sites.page(CLEAN).replace(b"</body>", drawn.encode())

    number = site.cleared(page(1), name="正文.html").number
    found = compare_file(
        site.desk, number, "a.html", page(2), channel="website", person="zhang"
    )
    # Programs pack pictures anew: that they were not compared is said beside.
    assert (found.found, found.unseen.pictures) == ("same_text", 1)


def test_a_link_that_leads_elsewhere_is_counted(site: Site) -> None:
    def page(target: str) -> bytes:
        link = f'<p><a href="{target}">报名</a></p></body>'
        return sites.page(CLEAN).replace(b"</body>", link.encode())

    number = site.cleared(page("https://x.example/1"), name="正文.html").number

    def found(target: str) -> Compared:
        data = page(target)
        return compare_file(
            site.desk, number, "a.html", data, channel="website", person="zhang"
        )

    same, other = found("https://x.example/1"), found("https://x.example/2")
    assert (same.found, same.new_links) == ("same", 0)
    assert (other.found, other.new_links) == ("same_text", 1)
    assert other.from_file


def test_without_a_clearance_there_is_nothing_to_compare_with(site: Site) -> None:
    with pytest.raises(NotFoundError, match="没有公开许可"):
        compared(site, site.submit(PHONE).number, PHONE)


def test_another_department_learns_nothing(site: Site) -> None:
    with pytest.raises(NotPermittedError):
        compared(site, site.cleared().number, CLEAN, person="he")


def test_nothing_of_it_is_kept(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    number = site.cleared().number
    written = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    kinds = site.kinds(number)
    with caplog.at_level(logging.DEBUG):
        assert compared(site, number, "只粘贴过一次的话。").found == "different"
    assert site.kinds(number) == kinds
    assert "只粘贴过" not in caplog.text
    after = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    changed = {one.name for one in after if after[one] != written.get(one)}
    assert not changed - {"data", "xianshen.db-shm", "xianshen.db-wal"}
    assert not any(
        "只粘贴过".encode() in one.read_bytes() for one in after if one.is_file()
    )
