"""Each of an invented province's cases: who, what and when, the same whenever asked."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from benchmarks import material
from benchmarks.load_people import INSTITUTIONS, VALID_DAYS, Staff
from benchmarks.load_shapes import (
    BODY,
    NUMBER,
    RUN_OUT,
    VALID_UNTIL,
    Form,
    Parts,
    forms,
)
from review import clock, digests
from review.case.policy import Policy
from review.case.values import File, files_digest
from review.service.cases.submit import TITLE_FILE

YEAR: Final = timedelta(days=365)
_SEED: Final = 20261123
_KEPT: Final = 20_000  # cases under way


@dataclass(frozen=True, slots=True)
class Story:
    """One case: its form, its words for the marks, and when each step came."""

    number: str
    form: Form
    words: dict[str, str]
    times: tuple[datetime, ...]
    reached: int
    site: str

    @property
    def may_be_published(self) -> bool:
        """Tell whether a clearance holds, so that the gate says yes."""
        kinds = self.form.kinds[: self.reached]
        gone = {"case.expired", "case.revoked"}
        return "case.cleared" in kinds and not gone & set(kinds)

    def time(self, kind: str, step: int) -> datetime:
        """Return the case's own time for a mark's."""
        at = self.times[step]
        return at + timedelta(days=VALID_DAYS) if kind == VALID_UNTIL else at

    def own(self, text: str) -> str:
        """Return the case's own word for a mark; any other text as it is."""
        if text == NUMBER:
            return self.number
        if text.startswith("\ue000"):
            return self.words[text[1:-1]]
        return text

    def filled(self, parts: Parts) -> str:
        """Return a text with the case's own words."""
        return "".join(
            part if place % 2 == 0 else self._word(part)
            for place, part in enumerate(parts)
        )

    def _word(self, name: str) -> str:
        known = self.words.get(name)
        if known is not None:
            return known
        spelling, kind, step = name.split(" ")
        at = self.time(kind, int(step))
        if spelling == "stamp":
            return clock.stamp(at)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Stories:
    """Every case by its place in the order of handing in, made anew whenever asked."""

    def __init__(self, count: int, staff: Staff, policy: Policy, now: datetime) -> None:
        """Settle on how many there are and when the year ends."""
        self.count = count
        self._staff = staff
        self._policy = policy
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._forms = [one for one in forms(policy) for _ in range(one.weight)]
        self._words = material.words(3_000)
        first = self._submitted(0)
        turn = clock.midnight(datetime(clock.china_date(now).year, 1, 1).date())  # noqa: DTZ001 - a day
        late = max(turn - first, timedelta(0)) / YEAR * count if first < turn else 0.0
        self._turn = int(late) + 1 if first < turn else 0
        self.year = clock.china_date(first).year
        self._story = lru_cache(maxsize=_KEPT)(self._made)

    def __getitem__(self, place: int) -> Story:
        """Return the case so many, from 0."""
        return self._story(place)

    def last_numbers(self) -> dict[int, int]:
        """Return how many each year has."""
        if not self._turn:
            return {self.year: self.count}
        return {self.year: self._turn, self.year + 1: self.count - self._turn}

    def _submitted(self, place: int) -> datetime:
        return self._now - YEAR + YEAR * place / self.count

    def _number(self, place: int) -> str:
        if place < self._turn or not self._turn:
            return f"{self.year}-{place + 1:06d}"
        return f"{self.year + 1}-{place - self._turn + 1:06d}"

    def _made(self, place: int) -> Story:
        # Not `place` alone: neighbours would be alike.
        chance = random.Random(_SEED * 1_000_003 + place)  # noqa: S311 - not for secrets
        form = chance.choice(self._forms)
        times = tuple(self._times(form, place, chance))
        reached = sum(one <= self._now for one in times)
        number = self._number(place)
        institution = place % INSTITUTIONS
        words = self._staff.words(institution, chance.randrange(1 << 30))
        words |= self._of_item(chance, number, institution)
        words["number"] = number
        last_round = 2 if form.name == "returned" else 1
        words["clearance"] = f"{number}-r{last_round}-c1"
        return Story(
            number, form, words, times, reached, self._staff.sites[institution].id
        )

    def _times(
        self, form: Form, place: int, chance: random.Random
    ) -> Iterator[datetime]:
        at = self._submitted(place).replace(microsecond=0)
        pace = chance.uniform(0.3, 3.0)
        cleared = at
        for step, kind in zip(form.steps, form.kinds, strict=True):
            if step.after == RUN_OUT:
                at = cleared + timedelta(
                    days=self._policy.clearance_valid_days, hours=4
                )
            elif not step.joined:
                at += timedelta(seconds=int(step.after * pace * 3600) + 1)
            if kind == "case.cleared":
                cleared = at
            yield at

    def _of_item(
        self, chance: random.Random, number: str, institution: int
    ) -> dict[str, str]:
        title = material.title(chance, self._words)
        words = {
            "title": title,
            "title_digest": digests.of_bytes(title.encode()),
            "external": f"news-{number}",
            "address": f"https://www{institution}.yunshan.example/news/{number}.html",
        }
        for round_number in (1, 2):
            body = digests.of_bytes(page(number, title, round_number).encode())
            words[f"body_{round_number}"] = body
            for name in ("report", "canonical"):
                made = f"{name} {number} {round_number}".encode()
                words[f"{name}_{round_number}"] = digests.of_bytes(made)
            files = (
                File(TITLE_FILE, "title", 60, words["title_digest"]),
                File(BODY, "body", 0, body),
            )
            words[f"contents_{round_number}"] = files_digest(files)
        return words


def page(number: str, title: str, round_number: int) -> str:
    """Return a case's page as it was handed in."""
    line = (
        f"<p>{title}，第{number}号，第{round_number}稿。各单位要认真做好有关工作。</p>"
    )
    return f"<html><head></head><body>{line * 8}</body></html>"
