"""Every table of the database: what the migrations lead to."""

from typing import Final

from review.store import (
    tables,
    tables_accounts,
    tables_gate,
    tables_lexicons,
    tables_requests,
    tables_statistics,
    tables_tasks,
    tables_views,
)

# Named here, so that each file's tables are known before anyone asks for them.
TABLE_FILES: Final = (
    tables,
    tables_accounts,
    tables_gate,
    tables_lexicons,
    tables_requests,
    tables_statistics,
    tables_tasks,
    tables_views,
)
metadata: Final = tables.metadata
