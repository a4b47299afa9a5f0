"""What the gate keeps and needs no more, and what it writes down for the next start."""

from datetime import timedelta
from typing import Final

from review import clock
from review.service.desk import Desk
from review.service.gate import sealed_facts

# Delivered long ago: the ledger says what happened, and nobody asks about the telling.
_DELIVERED: Final = timedelta(days=30)


def tidy_gate(desk: Desk) -> None:
    """Forget old notes of the gate, and seal the facts that it believes, as of now.

    Raises:
        TamperError: The ledger is not what was written down of it before.
    """
    at = desk.now()
    with desk.store.writing() as work:
        work.gate.drop_refusals_before(clock.china_date(at))
        work.gate.drop_delivered_before(at - _DELIVERED)
    sealed_facts.write_down(desk)
