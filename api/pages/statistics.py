"""Statistics and the yearly table: figures as charts, and the same as plain tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.pages import words
from api.pages.frame import Looking, draw
from api.pages.lexicon_words import rule_name
from api.periods import FIRST_DAY, LAST_DAY, NONE_IF_EMPTY, Day
from review import clock
from review.paper.department_totals import mean_days, share, year_total
from review.service.lexicons import book as lexicons
from review.service.lexicons.book import Book
from review.service.papers import audits, register, sheets, statistics
from review.service.papers.register import GROUPS
from review.service.papers.statistics import (
    ChannelFigures,
    DepartmentFigures,
    Figures,
    StepFigures,
)
from review.service.papers.wolves import (
    ClauseFigures,
    by_clause,
    cries_wolf,
    unjudged,
)

router: Final = APIRouter(prefix="/statistics")

# So many bars can still be told apart; the table has them all.
_MOST_BARS: Final = 12
_Day = Annotated[Day | None, NONE_IF_EMPTY, Query()]
_Department = Annotated[str, Query(max_length=50)]
_Counted = TypeVar("_Counted", DepartmentFigures, ChannelFigures)
_Year = Annotated[int | None, Query(ge=FIRST_DAY.year, le=LAST_DAY.year)]


@dataclass(frozen=True, slots=True)
class _Period:
    """A usual period, by its name and its days."""

    name: str
    since: date
    until: date

    def address(self, department: str) -> str:
        """Return where its figures are, for the same department."""
        said = {"since": self.since, "until": self.until}
        more = {"department": department} if department else {}
        return f"/statistics?{urlencode({**said, **more})}"


@router.get("", response_class=HTMLResponse)
def page(
    request: Request,
    by: Looking,
    since: _Day = None,
    until: _Day = None,
    department: _Department = "",
) -> HTMLResponse:
    """Show the figures of a period; of this year, where none is said."""
    today = clock.china_date(by.desk.now())
    until = until or max(today, since or today)
    found = statistics.figures(
        by.desk,
        since=since or until.replace(month=1, day=1),
        until=until,
        person=by.person,
        departments=(department,) if department else None,
    )
    book = lexicons.read(by.desk, person=by.person)
    clauses = by_clause(found.rules, {one.id: one.file.clause for one in book.rules})
    return draw(
        request,
        "statistics.html",
        by=by,
        found=found,
        department=department,
        departments=register.departments(by.desk, person=by.person),
        periods=periods(today),
        clauses=clauses,
        abouts=_abouts(book),
        name_of=_namer(book),
        listed=frozenset(one.id for one in book.rules),
        cries_wolf=cries_wolf,
        audits=audits.seen(by.desk, found),
        sees_audits=by.may("see_audits"),
        unjudged=unjudged,
        share=share,
        steps=_steps(found),
        by_department=_most_first(found.by_department),
        by_channel=_most_first(found.by_channel),
        charts=_charts(found, clauses, book),
    )


@router.get("/yearly", response_class=HTMLResponse)
def yearly(request: Request, by: Looking, year: _Year = None) -> HTMLResponse:
    """Show the yearly assessment's figures by department (001:54)."""
    this_year = clock.china_date(by.desk.now()).year
    figures = sheets.yearly_figures(by.desk, year=year or this_year, person=by.person)
    return draw(
        request,
        "yearly.html",
        by=by,
        figures=figures,
        total=year_total(figures.rows),
        years=tuple(range(this_year, this_year - 5, -1)),
        share=share,
        mean_days=mean_days,
    )


def periods(today: date) -> tuple[_Period, ...]:
    """Return the periods that people usually ask for."""
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    year = today.replace(month=1, day=1)
    before = year - timedelta(days=1)
    return (
        _Period("本月", month, today),
        _Period("上月", last.replace(day=1), last),
        _Period("本季度", quarter, today),
        _Period("今年", year, today),
        _Period("去年", before.replace(month=1, day=1), before),
    )


def _abouts(book: Book) -> dict[str, str]:
    return {
        entry.clause: entry.about
        for regulation in book.regulations
        for entry in regulation.clauses
    }


def _namer(book: Book) -> Callable[[str], str]:
    labels = {one.id: one.file.label for one in book.rules}
    return lambda rule: rule_name(rule, labels)


def _charts(
    found: Figures, clauses: Sequence[ClauseFigures], book: Book
) -> dict[str, Any]:
    """Return what the page's script draws, by the name of the place."""
    name_of = _namer(book)
    return {
        "departments": _cases(
            [(one.department, one) for one in _most_first(found.by_department)]
        ),
        "channels": _cases(
            [
                (words.CHANNELS[one.channel], one)
                for one in _most_first(found.by_channel)
            ]
        ),
        "categories": _judged(
            [(_category(one.category), one) for one in found.categories]
        ),
        "clauses": _judged([(_clause(one.clause, book), one) for one in clauses]),
        "rules": _judged([(name_of(one.rule), one) for one in found.rules]),
        "steps": _bars(
            [(words.STAGES[one.stage], one) for one in _steps(found)],
            {"一半不超过": ("main", "median"), "九成不超过": ("warn", "ninety")},
        ),
        "agreement": _bars(
            [(one.department, one) for one in found.agreement if one.proposed],
            {
                "同意公开": ("good", "followed"),
                "修改后再审": ("doubt", "returned"),
                "部分公开": ("warn", "partly"),
                "不予公开": ("bad", "refused"),
            },
            stacked=True,
        ),
    }


def _steps(found: Figures) -> list[StepFigures]:
    """Return the steps that somebody takes, in their order; what may go out is none."""
    order = list(words.STAGES)
    taken = (one for one in found.steps if one.stage in GROUPS["under_way"])
    return sorted(taken, key=lambda one: order.index(one.stage))


def _most_first(figures: Sequence[_Counted]) -> list[_Counted]:
    return sorted(figures, key=lambda one: -one.counts.submitted)


def _clause(clause: str, book: Book) -> str:
    return f"{clause} {_abouts(book).get(clause, '')}" if clause else "其他规则"


def _category(code: str) -> str:
    names: Mapping[Any, str] = words.CATEGORIES
    return names.get(code, "其他")


def _cases(named: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    return _bars(
        [(name, one.counts) for name, one in named],
        {
            "送审": ("main", "submitted"),
            "同意公开": ("good", "cleared"),
            "超期": ("bad", "overdue"),
        },
    )


def _judged(named: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = _bars(
        named,
        {
            "须删改": ("bad", "must_change"),
            "存疑": ("doubt", "uncertain"),
            "不涉密": ("good", "not_sensitive"),
        },
        stacked=True,
    )
    left = [unjudged(one) for _, one in named[:_MOST_BARS]]
    made["series"].append({"name": "未处置", "tone": "soft", "values": left})
    return made


def _bars(
    named: Sequence[tuple[str, Any]],
    series: Mapping[str, tuple[str, str]],
    *,
    stacked: bool = False,
) -> dict[str, Any]:
    shown = named[:_MOST_BARS]
    return {
        "names": [name for name, _ in shown],
        "stacked": stacked,
        "left_out": len(named) - len(shown),
        "series": [
            {
                "name": name,
                "tone": tone,
                "values": [getattr(one, field) for _, one in shown],
            }
            for name, (tone, field) in series.items()
        ],
    }
