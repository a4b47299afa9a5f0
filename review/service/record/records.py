"""The record itself: checked, exported, and shown for one case."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Final

from review import clock
from review.errors import TamperError
from review.ledger import export as exporting
from review.ledger import statement
from review.ledger.chain import KEY_CHANGED, OPENED, Head, Verified, verify_along
from review.ledger.entry import Entry, read_statement
from review.ledger.keys import PublicKey, SigningKey
from review.ledger.statement import Statement
from review.ports.records import Reading
from review.service.desk import Desk


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry with its statement read."""

    entry: Entry
    statement: Statement


def check(desk: Desk, *, witnessed: Iterable[Head] = ()) -> Verified:
    """Check the whole ledger against its signatures and the witnessed heads.

    Those come in the order of their indexes, as the witness file has them.

    Raises:
        TamperError: An entry was altered, dropped, swapped or inserted.
    """
    with desk.store.reading() as records:
        heads = merge(records.heads(), witnessed, key=lambda one: one.index)
        return verify_along(records.entries(), heads=heads)


def check_since(
    desk: Desk, digest: str, *, witnessed: Callable[[int], Iterable[Head]]
) -> Verified:
    """Check what follows the entry of that digest, which was verified before.

    Whoever kept the digest knows which entry it was; that those before it still lie
    there unchanged, only `check` tells. `witnessed` returns the heads after an index.

    Raises:
        TamperError: No entry has that digest, or one after it was altered, dropped,
            swapped or inserted.
    """
    with desk.store.reading() as records:
        last = records.entry_of(digest)
    if last is None:
        raise TamperError("记录链里没有这个摘要的记录：它被删去了，或摘要抄写有误。")
    # Before the look at the entries begins: later it could know more than that.
    outside = witnessed(last.index)
    with desk.store.reading() as records:
        inside = records.heads(over=last.index)
        heads = merge(inside, outside, key=lambda one: one.index)
        key = _key_of(records, last)
        following = records.entries(after=last.index)
        return verify_along(following, heads=heads, after=(last, key))


def _key_of(records: Reading, entry: Entry) -> PublicKey:
    """Return the key of that id; the id stands in what the digest was made over."""
    for one in records.entries_of_kind(OPENED, KEY_CHANGED):
        data = read_statement(one.statement)["data"]
        key = PublicKey(str(data["key"])) if isinstance(data, dict) else None
        if key is not None and key.id == entry.key:
            return key
    raise TamperError(f"序号 {entry.index} 的记录由记录链以外的密钥签署。")


def history(desk: Desk, number: str) -> tuple[Recorded, ...]:
    """Return the case's entries, oldest first; nobody is asked, the caller must have."""
    with desk.store.reading() as records:
        return tuple(
            Recorded(one, statement.read(one.statement))
            for one in records.entries_of(number)
        )


def export_ledger(desk: Desk, *, key: SigningKey, at: datetime) -> Iterator[bytes]:
    """Stream the ledger as signed JSON Lines for the archive."""
    with desk.store.reading() as records:
        verified = verify_along(records.entries(), heads=records.heads())
        yield from exporting.export(
            records.entries(), verified=verified, at=clock.stamp(at), key=key
        )


KIND_WORDS: Final[dict[str, str]] = {
    "ledger.opened": "记录链启用",
    "ledger.key_changed": "更换签名密钥",
    "case.submitted": "送审",
    "case.scanned": "机检完成",
    "case.gap_acknowledged": "确认未能检查项",
    "case.finding_disposed": "处置疑点",
    "case.first_pass_concluded": "初审结论",
    "case.endorsed": "部门负责人审签",
    "case.signed_off": "终审",
    "case.referred": "报请确定或征求意见",
    "case.answered": "登记答复",
    "case.leader_decided": "分管领导审批",
    "case.resubmitted": "重新送审",
    "case.withdrawn": "撤回",
    "case.cleared": "签发公开许可",
    "case.revoked": "撤销公开许可",
    "case.expired": "公开许可到期",
    "case.publication_recorded": "登记发布",
    "case.incident_opened": "发现国家秘密标志",
    "case.incident_judged": "核实涉密事件",
    "case.incident_reported": "报告涉密事件",
    "case.contents_purged": "清除稿件内容",
    "case.finding_added": "补充疑点",
    "people.appointed": "任命",
    "people.appointment_ended": "免去任命",
    "office.policy_adopted": "启用审查政策",
    "office.request_refused": "越权操作被拒",
    "account.changed": "账号变更",
    "account.signed_in": "登录",
    "account.sign_in_refused": "登录被拒",
    "account.locked": "账号锁定",
    "site.changed": "站点变更",
    "gate.refused": "发布询问被拒",
    "draft.downloaded": "下载稿件",
    "lexicon.proposed": "词库改动提出",
    "lexicon.activated": "词库改动启用",
    "lexicon.rejected": "词库改动退回",
    "office.backed_up": "备份",
    "ledger.exported": "导出审查记录",
    "passages.exported": "导出标注样本",
    "model.activated": "启用分类模型",
    "site.audited": "网站巡查",
    "site.finding_opened": "巡查发现立案",
}


def word_of(kind: str) -> str:
    """Return the Chinese word for a kind of statement."""
    return KIND_WORDS.get(kind, kind)
