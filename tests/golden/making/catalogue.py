"""Every format sample, and where the files lie."""

from pathlib import Path
from typing import Final

from tests.golden.making import (
    archived,
    books,
    cards,
    documents,
    legacy,
    mails,
    ofds,
    opendocument,
    pdfs,
    pictures,
    plain,
    slides,
    webs,
)
from tests.golden.making.sample import Sample

FOLDER: Final = Path(__file__).resolve().parents[3] / "sample_docs" / "formats"
SAMPLES: Final[tuple[Sample, ...]] = (
    *documents.SAMPLES,
    *legacy.SAMPLES,
    *legacy.BY_OFFICE,
    *opendocument.SAMPLES,
    *books.SAMPLES,
    *slides.SAMPLES,
    *pdfs.SAMPLES,
    *ofds.SAMPLES,
    *webs.SAMPLES,
    *mails.SAMPLES,
    *cards.SAMPLES,
    *plain.SAMPLES,
    *pictures.SAMPLES,
    *archived.SAMPLES,
)
