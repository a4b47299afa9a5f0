"""The office's own lexicon, from a proposal to the next scan that goes by it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from review.detect.lexicon_edit import Edit
from review.detect.lexicon_files import HeldFolder
from review.detect.lexicon_sheet import Spreadsheet
from review.errors import (
    IncompleteError,
    LexiconError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
    ReusedKeyError,
    StaleError,
    TamperError,
    WrongStageError,
    XianshenError,
)
from review.pipeline import Scanner
from review.service.desk import Once
from review.service.lexicons import book as lexicon_book
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons import versions as lexicons
from review.service.lexicons.layers import (
    digest_in_force,
    folder_in_force,
    laid_over,
    rewrap_lexicons,
    sealed_folder,
)
from review.service.lexicons.proposal import Wanted
from review.service.machine.lazy_machine import LazyMachine
from review.service.machine.round_machine import RoundMachine
from review.store.tables_lexicons import lexicon_files
from review.upkeep.lexicons import LexiconVersion
from review.vault.keys import new_key, ring_of
from review.vault.secrets import SealedSecrets
from tests.service import lexicon_material as material
from tests.service.lexicon_material import DRAFT, NAME, RULE, added, wanted
from tests.service.site import BROKEN, CLEAN, Secrets, Site, on_both


def _propose(site: Site, change: Wanted | None = None, **more: Any) -> LexiconVersion:
    asked = {"reason": "赛事将近", "person": "li", **more}
    return lexicons.propose(site.desk, change or wanted(), **asked)


def _preview(site: Site, change: str = "词0001", drafts: int = 0) -> str:
    kept = lexicon_preview.preview(site.desk, change, person="li", drafts=drafts)
    return kept.preview.digest


def _activate(
    site: Site, change: str = "词0001", person: str = "qian"
) -> LexiconVersion:
    seen = _preview(site, change)
    return lexicons.activate(site.desk, change, preview=seen, person=person)


@pytest.fixture
def noticing(site: Site, scanner: Scanner) -> Site:
    """Return the site with a machine that goes by the version in force, as at work."""
    loaded: list[str | None] = []

    def load() -> RoundMachine:
        with site.desk.store.reading() as records:
            loaded.append(digest_in_force(records))
            own = folder_in_force(records, site.desk.secrets)
        # What is shipped is loaded already.
        made = Scanner(*laid_over(None, own)) if own.files else scanner
        return RoundMachine(made, fingerprint_key=bytes(32), repeat_check=False)

    def version() -> str | None:
        with site.desk.store.reading() as records:
            return digest_in_force(records)

    site.desk = replace(site.desk, machine=LazyMachine(load, version))
    return site


@pytest.mark.slow
def test_a_version_in_force_is_what_the_next_scan_goes_by(noticing: Site) -> None:
    before = noticing.submit(DRAFT).round.report
    made = _propose(noticing)
    between = noticing.submit(DRAFT).round.report
    kept = lexicon_preview.preview(noticing.desk, made.change, person="li")
    active = lexicons.activate(
        noticing.desk, made.change, preview=kept.preview.digest, person="qian"
    )
    after = noticing.submit(DRAFT).round.report
    assert before is not None
    assert between is not None
    assert after is not None
    assert before.lexicons == between.lexicons == kept.preview.against
    assert after.lexicons == kept.preview.lexicons == active.lexicons
    assert RULE not in {one.rule for one in between.findings}
    assert RULE in {one.rule for one in after.findings}
    # What the preview foretold is what came.
    told = {one.case: dict(one.gained) for one in kept.preview.drafts}
    assert told["2026-000001"] == told["2026-000002"] == {RULE: 1}


@pytest.mark.slow
def test_the_machine_is_loaded_once_a_version(site: Site) -> None:
    loads: list[int] = []
    version = ["1"]

    def load() -> RoundMachine:
        loads.append(1)
        machine = site.desk.machine
        assert isinstance(machine, RoundMachine)
        return machine

    lazy = LazyMachine(load, lambda: version[0])
    first = lazy.prepare()
    assert lazy.prepare() is first
    version[0] = "2"
    lazy.prepare()
    assert len(loads) == 2


@on_both
def test_who_what_and_why_is_on_record_and_no_term_is(site: Site) -> None:
    made = _propose(site)
    assert (made.state, made.base, made.proposed_by.id) == ("proposed", None, "li")
    lexicons.reject(site.desk, made.change, reason="再斟酌", person="qian")
    with site.desk.store.reading() as records:
        said = "".join(one.statement for one in records.entries())
        sealed = records.lexicons.files(made.change)
    assert "lexicon.proposed" in said
    assert "lexicon.rejected" in said
    assert sealed is not None
    for place in (said.encode(), sealed):
        assert "砚湖".encode() not in place
    (listed,) = lexicons.versions(site.desk, person="audit")
    assert (listed.state, listed.rejected_because) == ("rejected", "再斟酌")
    ((name, data),) = lexicons.files(site.desk, made.change, person="audit")
    assert (name, data) == (NAME, material.rule())


@pytest.mark.slow
def test_the_same_person_never_does_both_and_is_put_on_record(site: Site) -> None:
    _propose(site)
    seen = _preview(site)
    with pytest.raises(NotPermittedError, match="另一位审查员"):
        lexicons.activate(site.desk, "词0001", preview=seen, person="li")
    assert [one.verb for one in site.refusals()] == ["activate_lexicon"]
    assert (
        lexicons.activate(site.desk, "词0001", preview=seen, person="qian").state
        == "active"
    )


@pytest.mark.parametrize("person", ["zhang", "wang", "sun", "system", "audit"])
def test_only_the_office_changes_the_lexicon(site: Site, person: str) -> None:
    asked = (
        lambda: _propose(site, person=person),
        lambda: lexicons.reject(site.desk, "词0001", reason="不要", person=person),
        lambda: lexicons.activate(site.desk, "词0001", preview="0" * 64, person=person),
        lambda: lexicon_preview.preview(site.desk, "词0001", person=person),
        lambda: lexicon_preview.order(site.desk, "词0001", person=person),
    )
    for one in asked:
        with pytest.raises(NotPermittedError):
            one()
    assert len(site.refusals()) == len(asked)


@pytest.mark.parametrize("person", ["zhang", "system", "security"])
def test_departments_and_administrators_see_no_proposals(
    site: Site, person: str
) -> None:
    made = _propose(site)
    with pytest.raises(NotPermittedError):
        lexicons.versions(site.desk, person=person)
    with pytest.raises(NotPermittedError):
        lexicons.files(site.desk, made.change, person=person)
    with pytest.raises(NotPermittedError):
        lexicon_preview.last_preview(site.desk, made.change, person=person)


def test_nothing_comes_into_force_unpreviewed_or_unseen(site: Site) -> None:
    _propose(site)
    with pytest.raises(IncompleteError, match="还没有预演"):
        lexicons.activate(site.desk, "词0001", preview="0" * 64, person="qian")
    with pytest.raises(NotFoundError, match="还没有预演"):
        lexicon_preview.last_preview(site.desk, "词0001", person="qian")
    _preview(site)
    with pytest.raises(StaleError, match="重新查看"):
        lexicons.activate(site.desk, "词0001", preview="0" * 64, person="qian")


@pytest.mark.slow
def test_a_preview_counts_only_for_the_lexicons_that_it_saw(
    site: Site, tmp_path: Path
) -> None:
    _propose(site)
    seen = _preview(site)
    folder = tmp_path / "own" / "xishuangbanna-college"
    folder.mkdir(parents=True)
    (folder / "12-15-另一条.yaml").write_bytes(material.rule())
    site.desk = replace(site.desk, lexicons_dir=tmp_path / "own")
    with pytest.raises(StaleError, match="重新预演"):
        lexicons.activate(site.desk, "词0001", preview=seen, person="qian")


@pytest.mark.slow
def test_examples_that_come_out_wrong_keep_a_version_out(site: Site) -> None:
    made = _propose(site, wanted(material.rule("砚湖原稿")))
    kept = lexicon_preview.preview(site.desk, made.change, person="li", drafts=0)
    assert {one.expected for one in kept.preview.failed} == {"flagged"}
    assert not kept.preview.sound
    with pytest.raises(IncompleteError, match="没有通过"):
        lexicons.activate(
            site.desk, made.change, preview=kept.preview.digest, person="qian"
        )


@pytest.mark.slow
def test_a_preview_says_which_drafts_would_read_otherwise(site: Site) -> None:
    concerned = site.submit(DRAFT).number
    site.submit(CLEAN)
    site.submit(BROKEN, name="读不出.docx")
    made = _propose(site)
    counted: list[int] = []
    kept = lexicon_preview.preview(
        site.desk, made.change, person="li", told=counted.append
    )
    found = kept.preview
    (line,) = found.drafts
    assert (line.case, dict(line.gained)) == (concerned, {RULE: 1})
    assert (found.examined, found.left_out) == (2, 1)
    assert counted == [1, 2, 3]
    (file,) = found.files
    assert (file.name, file.how) == (NAME, "added")
    again = lexicon_preview.last_preview(site.desk, made.change, person="audit")
    assert again.preview == found
    assert again.preview.digest == found.digest
    with site.desk.store.reading() as records:
        sealed = records.lexicons.preview(made.change)
    assert sealed is not None
    assert concerned.encode() not in sealed


@pytest.mark.slow
def test_the_newest_drafts_only_as_many_as_asked_for(site: Site) -> None:
    numbers = [site.submit(DRAFT, title=f"第{one}份").number for one in range(3)]
    _propose(site)
    kept = lexicon_preview.preview(site.desk, "词0001", person="li", drafts=2)
    assert [one.case for one in kept.preview.drafts] == numbers[:0:-1]


@pytest.mark.slow
def test_two_proposals_on_one_base_are_not_merged(site: Site) -> None:
    _propose(site)
    _propose(site, added("砚湖密卷"))
    _activate(site)
    with pytest.raises(StaleError, match="另一版本"):
        _activate(site, "词0002")
    made = _propose(site, added("砚湖密卷"))
    assert made.base == "词0001"
    names = dict(lexicons.files(site.desk, made.change, person="li"))
    assert NAME in names
    assert f"{material.SHIPPED}.yaml" in names


@pytest.mark.slow
def test_an_earlier_version_comes_back_by_a_new_proposal(site: Site) -> None:
    _propose(site)
    _activate(site)
    _propose(site, Wanted(drop=(NAME,)))
    _activate(site, "词0002")
    states = [one.state for one in lexicons.versions(site.desk, person="li")]
    assert states == ["active", "retired"]
    back = _propose(site, Wanted(from_version="词0001"))
    assert (
        _activate(site, back.change).digest
        == lexicons.version(site.desk, "词0001", person="li").digest
    )


@pytest.mark.slow
def test_a_decided_version_is_not_decided_or_previewed_again(site: Site) -> None:
    _propose(site)
    _activate(site)
    with pytest.raises(WrongStageError):
        lexicons.reject(site.desk, "词0001", reason="不要", person="qian")
    with pytest.raises(WrongStageError):
        _preview(site)
    with pytest.raises(IncompleteError, match="完全相同"):
        _propose(site)


def test_a_spreadsheet_comes_to_the_same_as_files(site: Site) -> None:
    sheet = Spreadsheet("规则.xlsx", material.spreadsheet())
    made = _propose(site, Wanted(sheet=sheet))
    ((name, data),) = lexicons.files(site.desk, made.change, person="li")
    assert name == NAME
    assert "砚湖题样" in data.decode()
    wrong = Spreadsheet("规则.xlsx", material.spreadsheet(层级="随便"))
    with pytest.raises(LexiconError, match="1 处问题"):
        _propose(site, Wanted(sheet=wrong))


def test_a_rule_that_is_shipped_rests_by_an_edit(site: Site) -> None:
    edit = Edit(rule=material.SHIPPED, action="retire")
    made = _propose(site, Wanted(edits=(edit,)))
    ((name, data),) = lexicons.files(site.desk, made.change, person="li")
    assert name == f"{material.SHIPPED}.yaml"
    assert "status: retired" in data.decode()


_ALIASES = b"a: &a [x]\nb: *a\n"


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (wanted(b"clause: 1"), LexiconError, f"{NAME}:1"),
        (wanted(_ALIASES), LexiconError, "YAML 引用"),
        (wanted(b"\xff\xfe"), LexiconError, "UTF-8"),
        (wanted(b"x" * 300_000), LexiconError, "太大"),
        (wanted(name="../12-15-甲.yaml"), LexiconError, "名字"),
        (wanted(name="xishuangbanna-college/../甲.yaml"), LexiconError, "名字"),
        (wanted(name="xishuangbanna-college/甲.txt"), LexiconError, "名字"),
        (wanted(name="甲.yaml"), LexiconError, "名字"),
        (Wanted(drop=("没有/这个.yaml",)), NotFoundError, "没有文件"),
        (Wanted(from_version="词0007"), NotFoundError, "没有这一词库改动"),
        (added("砚湖", rule_id="没有/这条"), NotFoundError, "没有规则"),
        (Wanted(sheet=Spreadsheet("规则.xlsx", b"no")), XianshenError, "xlsx"),
    ],
)
def test_what_does_not_load_is_never_proposed(
    site: Site, change: Wanted, error: type[XianshenError], said: str
) -> None:
    with pytest.raises(error) as refused:
        _propose(site, change)
    assert said in refused.value.message
    assert lexicons.versions(site.desk, person="li") == ()


def test_a_proposal_sent_again_under_its_key_is_made_once(site: Site) -> None:
    once = Once(key="k", fingerprint="f")
    first = _propose(site, once=once)
    again = _propose(site, once=once)
    assert again == first
    with pytest.raises(ReusedKeyError):
        _propose(site, once=Once(key="k", fingerprint="g"))
    once = Once(key="r", fingerprint="f")
    for _ in range(2):
        lexicons.reject(
            site.desk, first.change, reason="不要", person="qian", once=once
        )


@pytest.mark.slow
def test_files_that_somebody_changed_behind_the_record_are_refused(site: Site) -> None:
    _propose(site)
    _activate(site)
    forged = HeldFolder(((NAME, material.rule("砚湖水")),))
    sealed = sealed_folder(site.desk.secrets, "词0001", forged)
    with site.engine.begin() as connection:
        connection.execute(update(lexicon_files).values(sealed=sealed))
    with site.desk.store.reading() as records, pytest.raises(TamperError):
        folder_in_force(records, site.desk.secrets)


def test_sealed_files_follow_the_vault_to_a_new_key(
    site: Site, secrets: Secrets
) -> None:
    _propose(site)
    newer = new_key()
    both = replace(site.desk, secrets=SealedSecrets(ring_of(secrets.vault, newer)))
    assert rewrap_lexicons(both) == 1
    assert rewrap_lexicons(both) == 0
    alone = replace(site.desk, secrets=SealedSecrets(ring_of(newer)))
    ((name, _),) = lexicons.files(alone, "词0001", person="li")
    assert name == NAME


@pytest.mark.slow
def test_the_book_shows_what_is_in_force_and_where_it_comes_from(site: Site) -> None:
    _propose(site)
    before = lexicon_book.read(site.desk, person="zhang")
    assert before.change is None
    assert {one.origin for one in before.rules} == {"shipped"}
    assert len(before.regulations) == 5
    _activate(site)
    after = lexicon_book.read(site.desk, person="zhang")
    assert after.change == "词0001"
    assert after.digest != before.digest
    own = [one for one in after.rules if one.origin == "office"]
    assert [one.id for one in own] == [RULE]
    assert lexicon_book.rule(site.desk, RULE, person="audit").clauses == ("001:12(15)",)
    with pytest.raises(NotFoundError):
        lexicon_book.rule(site.desk, "没有/这条", person="audit")
    with pytest.raises(NotPermittedError):
        lexicon_book.read(site.desk, person="system")


def test_an_ordered_preview_is_worked_out_by_its_task(site: Site) -> None:
    _propose(site)
    task = lexicon_preview.order(site.desk, "词0001", person="li")
    assert lexicon_preview.order(site.desk, "词0001", person="li").id == task.id
    assert "砚湖" not in task.subject
    lexicon_preview.carry_out(site.desk, task.subject)
    kept = lexicon_preview.last_preview(site.desk, "词0001", person="qian")
    assert kept.by.id == "li"


def test_a_refusal_is_a_refusal(site: Site) -> None:
    with pytest.raises(RefusedError):
        _propose(site, reason=" ")
