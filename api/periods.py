"""Days and years that are asked for: within what a calendar of ours can mean."""

from datetime import date
from typing import Annotated, Final

from fastapi import Query
from pydantic import BeforeValidator, Field

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)

# A form sends every field; one that is left empty was not said.
NONE_IF_EMPTY: Final = BeforeValidator(lambda said: said or None)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Year = Annotated[int, Query(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Since = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY, description="送审日期，自")]
Until = Annotated[
    date, Query(ge=FIRST_DAY, le=LAST_DAY, description="送审日期，至（含）")
]
