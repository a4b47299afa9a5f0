"""Whatever is logged, by us or by a library, no draft text comes out."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from review.errors import StaleError
from review.logs import ALLOWED, configure_logs, only_harmless

_DRAFT = "李样本副院长不同意由外系干部接任"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_what_is_on_the_list(written: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc")
    structlog.get_logger("api").info("request", route="/cases/{number}", status=200)
    (line,) = _lines(written)
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "abc",
        "route": "/cases/{number}",
        "status": 200,
    }


def test_what_is_not_on_the_list_or_not_plain_stays_out(written: io.StringIO) -> None:
    log = structlog.get_logger("api")
    careless = f"submitted {_DRAFT}"
    log.info(careless, title=_DRAFT, case=_DRAFT, code="x" * 500)
    (line,) = _lines(written)
    assert line["event"] == "unnamed"
    assert line["case"] == "(str)"
    assert len(str(line["code"])) < 210
    assert "title" not in line


def _fail() -> None:
    try:
        int(_DRAFT)
    except ValueError as error:
        raise StaleError(_DRAFT) from error


def test_an_exception_tells_its_kinds_and_places_and_not_its_words(
    written: io.StringIO,
) -> None:
    try:
        _fail()
    except StaleError:
        structlog.get_logger("api").exception("failed")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
        logging.getLogger("somebody").exception(_DRAFT)
    ours, uvicorns, others = _lines(written)
    assert ours["kind"] == "StaleError < ValueError"
    assert ours["code"] == "stale"
    assert "test_logs.py" in str(ours["trace"])
    assert uvicorns["event"] == "Exception in ASGI application"
    assert uvicorns["kind"] == ours["kind"]
    assert (others["event"], others["logger"]) == ("library", "somebody")
    assert "test_logs.py" in str(others["place"])


@pytest.mark.parametrize("name", ["openpyxl.reader", "sqlalchemy.engine", "x"])
def test_a_librarys_words_stay_out_even_plain_ones(
    written: io.StringIO, name: str
) -> None:
    logging.getLogger(name).warning("could not read %r", "the exam's first question")
    (line,) = _lines(written)
    assert "exam" not in written.getvalue()
    assert line["event"] == "library"


def test_a_trusted_library_is_quoted_only_in_plain_words(written: io.StringIO) -> None:
    log = logging.getLogger("uvicorn.error")
    log.info("Uvicorn running on %s (Press CTRL+C to quit)", "http://127.0.0.1:8000")
    log.info("%s", _DRAFT)
    first, second = _lines(written)
    assert "127.0.0.1:8000" in str(first["event"])
    assert second["event"] == "unnamed"


def test_uvicorns_own_access_log_is_off(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /api/v1/cases?q=exam")
    assert written.getvalue() == ""


_TEXT = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)


@given(
    event=_TEXT,
    fields=st.dictionaries(
        st.one_of(st.sampled_from(sorted(ALLOWED)), st.text()),
        st.one_of(_TEXT, st.lists(_TEXT), st.dictionaries(_TEXT, _TEXT), st.binary()),
    ),
)
def test_no_chinese_text_gets_through(event: str, fields: dict[str, object]) -> None:
    kept = only_harmless(None, "info", {**fields, "event": event})
    said = json.dumps(kept, ensure_ascii=False)
    assert said.isascii()
    assert set(kept) <= ALLOWED
