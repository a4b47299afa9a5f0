"""What `ports.views` promises, on every database."""

from typing import Any

from review.ports.views import SavedView
from review.store.store import SqlStore


def _view(number: int = 1, **changes: Any) -> SavedView:
    values = {"person": "zhang", "name": "急件", "query": "overdue=true"}
    return SavedView(number=number, **{**values, **changes})


def test_views_are_kept_by_person_in_their_order(store: SqlStore) -> None:
    with store.writing() as work:
        for one in (_view(2), _view(1), _view(1, person="li")):
            work.views.put(one)
        work.views.put(_view(2, name="改过的"))
    with store.reading() as records:
        assert records.views.of("zhang") == (_view(1), _view(2, name="改过的"))
        assert records.views.of("li") == (_view(1, person="li"),)
        assert records.views.of("he") == ()


def test_ones_own_view_is_forgotten_alone(store: SqlStore) -> None:
    with store.writing() as work:
        work.views.put(_view(1))
        work.views.put(_view(1, person="li"))
    with store.writing() as work:
        assert work.views.drop("zhang", 1)
        assert not work.views.drop("zhang", 1)
    with store.reading() as records:
        assert records.views.of("zhang") == ()
        assert len(records.views.of("li")) == 1
