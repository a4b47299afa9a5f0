"""Requests that were carried out, in their table."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from review.ports.requests import CarriedOut
from review.store.tables_requests import requests


class SqlRequests:
    """What `review.ports.requests.Requests` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def find(self, person: str, key: str) -> CarriedOut | None:
        """Return the person's request of that key."""
        asked = select(requests).where(
            requests.c.person == person, requests.c.key == key
        )
        row = self._connection.execute(asked).mappings().one_or_none()
        if row is None:
            return None
        return CarriedOut(
            person=row["person"],
            key=row["key"],
            fingerprint=row["fingerprint"],
            case=row["case_number"],
            at=row["at"],
        )

    def add(self, request: CarriedOut) -> None:
        """Remember a request that this transaction carries out."""
        values = asdict(request)
        values["case_number"] = values.pop("case")
        self._connection.execute(insert(requests), values)

    def drop_before(self, moment: datetime) -> int:
        """Forget requests from before then; return how many."""
        old = delete(requests).where(requests.c.at < moment)
        return self._connection.execute(old).rowcount
