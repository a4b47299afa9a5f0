"""Which cases were put on record as published at an address: only where to look.

Each process walks the publications once and from then on takes in only what is new.
An address that leads to the wrong case lets out nothing that was not cleared: what is
about to be sent is compared with that case's own clearance (decision record 0018).
"""

import json
from threading import Lock

from review.contents import address as addresses
from review.ports.records import Reading


class Addresses:
    """The cases of each address and channel, as far as this process has read."""

    def __init__(self) -> None:
        """Begin without knowing any."""
        self._last = -1
        self._cases: dict[tuple[str, str], tuple[str, ...]] = {}
        self._lock = Lock()

    def cases_at(self, records: Reading, address: str, channel: str) -> tuple[str, ...]:
        """Return the cases published there, the last first; none for an unknown one."""
        with self._lock:
            for one in records.gate.publications(after=self._last):
                said = json.loads(one.statement)["data"]
                place = addresses.canonical(said["address"]), said["channel"]
                before = self._cases.get(place, ())
                others = tuple(case for case in before if case != one.case)
                self._cases[place] = (one.case, *others)
                self._last = one.index
            return self._cases.get((addresses.canonical(address), channel), ())
