"""Items on their way through the review, and somebody who asks the gate all the time.

Every item is handed in, examined, disposed of, concluded and signed; some are taken back
again. Of some items two people of the secrecy office decide at the same moment, each on
another host: one of them must win.
"""

import random
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from deploy.hosts.asking import Answered, Balancer, Caller, GaveUpError, moment
from deploy.hosts.office import PRESS

_TEXT: Final = (
    "<p>学院第{number}期读书活动昨日在图书馆举行，各班同学踊跃参加，现场气氛热烈。</p>"
    "<p>本次活动共设十二个项目，同学们交流了读书心得。</p>"
)
# A finding that must be disposed of.
_PHONE: Final = "<p>联系人手机138{number:08d}</p>"
_BIG: Final = 400  # paragraphs: long enough that somebody dies while it is read
_LOOK: Final = 0.4
_CONFLICT: Final = frozenset({409, 412})


@dataclass
class Item:
    """One item, what the people in front of it know about it, and when they knew it."""

    number: int
    title: str
    html: str
    by_site: bool
    case: str | None = None
    cleared_sent: float | None = None
    cleared_told: float | None = None
    revoked_told: float | None = None
    refused: bool = False
    winners: int = 0

    @property
    def external_id(self) -> str:
        """Return the publishing system's own name for it."""
        return f"news-{self.number}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at the gate: when, which host, whether with what was handed in, the answer."""

    sent: float
    received: float
    address: str
    case: str
    is_same: bool
    allowed: bool
    status: int


@dataclass
class Office:
    """All that people and the site do meanwhile."""

    balancer: Balancer
    people: Mapping[str, Caller]
    site: Caller
    items: list[Item] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _told: threading.Event = field(default_factory=threading.Event)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def open(self, tellers: int, askers: int) -> None:
        """Let so many people work and so many ask."""
        works = [self._tell_stories] * tellers + [self._ask_always] * askers
        self._threads = [threading.Thread(target=one, daemon=True) for one in works]
        for one in self._threads:
            one.start()

    def close(self, seconds: float) -> None:
        """Begin nothing new; wait until what was begun has ended."""
        self._told.set()
        end = time.monotonic() + seconds
        for one in self._threads:
            one.join(max(0.1, end - time.monotonic()))
            if one.is_alive():
                self.problems.append("有人没有办完手上的一件")
                return

    def _tell_stories(self) -> None:
        while not self._told.is_set():
            try:
                self._story()
            except (GaveUpError, KeyError, RuntimeError) as error:
                self.problems.append(f"{type(error).__name__}: {error}")

    def _story(self) -> None:
        item = self._new_item()
        self._hand_in(item)
        seen = self._examined(item)
        for finding in seen.said["rounds"][-1]["open_findings"]:
            seen = self._step(
                item,
                "zhang",
                f"findings/{finding}/disposition",
                {"opinion": "not_sensitive", "reason": "是对外公布的办公联系方式"},
                seen,
                method="PUT",
            )
        said = {"conclusion": "agree", "opinion": "内容属实，可以公开"}
        seen = self._step(item, "zhang", "first-pass", said, seen)
        number = int(str(item.case)[-6:])
        if number % 3 == 0:
            self._sign_together(item, seen)
        else:
            self._sign(item, "li", seen)
        if number % 2 == 0 and item.cleared_told is not None:
            time.sleep(random.uniform(0.2, 3.0))  # noqa: S311 - no secret
            self._revoke(item)

    def _new_item(self) -> Item:
        number = next(self._numbers)
        html = _TEXT.format(number=number)
        html *= _BIG if number % 6 == 0 else 1
        html += _PHONE.format(number=number) if number % 4 == 0 else ""
        title = f"第{number}期读书活动在图书馆举行"
        item = Item(number, title, html, by_site=number % 2 == 0)
        with self._lock:
            self.items.append(item)
        return item

    def _hand_in(self, item: Item) -> None:
        if item.by_site:
            said = {
                "external_id": item.external_id,
                "title": item.title,
                "department": PRESS,
                "channels": ["website"],
                "drafted_by": "冯拟稿",
                "html": item.html,
            }
            answer = self.site.ask(
                "POST", "/gate/submissions", what="submit", json=said
            )
            name = "case"
        else:
            form = {
                "title": item.title,
                "department": PRESS,
                "channels": "website",
                "drafted_by": "冯拟稿",
            }
            files = {"body": ("正文.html", item.html.encode(), "text/html")}
            answer = self.people["zhao"].ask(
                "POST", "/cases", what="submit", data=form, files=files
            )
            name = "number"
        self._expect(answer, "submit")
        item.case = str(answer.said[name])

    def _examined(self, item: Item) -> Answered:
        while True:
            seen = self.people["zhang"].ask("GET", f"/cases/{item.case}")
            self._expect(seen, "see")
            if seen.said["stage"] != "scanning":
                return seen
            time.sleep(_LOOK)

    def _step(  # noqa: PLR0913 - who does what to which, as he saw it
        self,
        item: Item,
        person: str,
        step: str,
        said: Mapping[str, Any],
        seen: Answered,
        *,
        method: str = "POST",
    ) -> Answered:
        answer = self._ask_step(item, person, step, said, seen, method=method)
        self._expect(answer, step)
        return answer

    def _ask_step(  # noqa: PLR0913 - likewise
        self,
        item: Item,
        person: str,
        step: str,
        said: Mapping[str, Any],
        seen: Answered,
        *,
        method: str = "POST",
    ) -> Answered:
        return self.people[person].ask(
            method,
            f"/cases/{item.case}/{step}",
            what=step.partition("/")[0],
            headers={"If-Match": f'"{seen.said["version"]}"'},
            json=dict(said),
        )

    def _sign(self, item: Item, person: str, seen: Answered) -> None:
        item.cleared_sent = moment()
        self._step(item, person, "sign-off", _CLEAR, seen)
        item.cleared_told = moment()
        item.winners = 1

    def _sign_together(self, item: Item, seen: Answered) -> None:
        """Let one clear it and the other send it back, at the same moment."""
        item.cleared_sent = moment()
        with ThreadPoolExecutor(2) as pair:
            begun = {
                person: pair.submit(
                    self._ask_step, item, person, "sign-off", said, seen
                )
                for person, said in (("li", _CLEAR), ("qian", _RETURN))
            }
            answers = {person: one.result() for person, one in begun.items()}
        won = [person for person, one in answers.items() if one.status not in _CONFLICT]
        for person in won:
            self._expect(answers[person], "sign-off")
        item.winners = len(won)
        item.refused = "qian" in won
        if "li" in won:
            item.cleared_told = moment()
        if item.winners != 1:
            self.problems.append(f"{item.case}：{item.winners} 个终审都说成了")

    def _revoke(self, item: Item) -> None:
        seen = self.people["li"].ask("GET", f"/cases/{item.case}")
        self._expect(seen, "see")
        said = {"cause": "error", "reason": "内容有误，先撤下"}
        self._step(item, "li", "revocation", said, seen)
        item.revoked_told = moment()

    def _ask_always(self) -> None:
        while not self._told.is_set():
            with self._lock:
                known = [one for one in self.items[-30:] if one.case is not None]
            if known:
                self._ask_gate(random.choice(known))  # noqa: S311 - no secret
            time.sleep(0.03)

    def _ask_gate(self, item: Item) -> None:
        is_same = random.random() < 0.8  # noqa: S311, PLR2004 - no secret, four of five
        address = random.choice(self._asked_addresses())  # noqa: S311 - no secret
        html = item.html if is_same else item.html.replace("踊跃", "全部", 1)
        said = {
            "case": item.case,
            "channel": "website",
            "title": item.title,
            "html": html,
        }
        sent = moment()
        answer = self.site.ask_once(
            address, "POST", "/gate/check", json=said, headers=self.site.headers
        )
        allowed, status = False, 0
        if answer is not None:
            status = answer.status_code
            allowed = status == 200 and answer.json()["allowed"] is True  # noqa: PLR2004
        self.asked.append(
            Asked(sent, moment(), address, str(item.case), is_same, allowed, status)
        )

    def _asked_addresses(self) -> Sequence[str]:
        """Return whom to ask: now and then also one that is said not to be ready."""
        if random.random() < 0.1:  # noqa: S311, PLR2004 - one of ten
            return self.balancer.addresses
        return (self.balancer.any(),)

    def _expect(self, answer: Answered, what: str) -> None:
        if answer.status >= 400:  # noqa: PLR2004
            raise RuntimeError(f"{what} {answer.status} {answer.said}")


_CLEAR: Final = {"outcome": "clear", "opinion": "同意公开", "channels": ["website"]}
_RETURN: Final = {"outcome": "return", "opinion": "请再核对一遍数字"}
