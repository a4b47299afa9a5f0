"""The tables of the office's own lexicons: sealed rule files and previews."""

from typing import Final

from sqlalchemy import Column, LargeBinary, String, Table

from review.store.tables import metadata

lexicon_files: Final = Table(
    "lexicon_files",
    metadata,
    Column("change", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

lexicon_previews: Final = Table(
    "lexicon_previews",
    metadata,
    Column("change", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
