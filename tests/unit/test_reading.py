"""The bounds of reading are settings, and every one of them arrives."""

from dataclasses import asdict
from pathlib import Path

from review.extract.limits import Limits
from review.reading import bounds_of, limits_of
from review.settings import Settings

_MB = 1024 * 1024


def test_the_defaults_are_those_of_reading_itself(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    usual = asdict(Limits())
    own = asdict(limits_of(settings))
    # Uploads have a bound of their own, which is the smaller one.
    assert own.pop("file_bytes") == settings.upload_megabytes * _MB
    del usual["file_bytes"]
    assert own == usual


def test_every_bound_that_is_set_arrives(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        upload_megabytes=3,
        read_unpacked_mb=4,
        read_members=5,
        read_pages=6,
        read_depth=7,
        read_pictures=8,
        read_frames=20,
        read_characters=9000,
        read_cells=10_000,
        read_blocks=11_000,
        read_drawn=12_000,
        read_seconds=13,
        read_memory_mb=300,
        convert_seconds=15,
        convert_memory_mb=301,
        picture_seconds=17,
        picture_memory_mb=302,
        pictures_seconds=19,
    )
    assert asdict(limits_of(settings)) == {
        "file_bytes": 3 * _MB,
        "unpacked_bytes": 4 * _MB,
        "unpacked_ratio": Limits().unpacked_ratio,
        "members": 5,
        "pages": 6,
        "depth": 7,
        "pictures": 8,
        "frames": 20,
        "characters": 9000,
        "cells": 10_000,
        "blocks": 11_000,
        "drawn": 12_000,
    }
    bounds = bounds_of(settings)
    assert (bounds.reading.seconds, bounds.reading.memory) == (13, 300 * _MB)
    assert (bounds.converting.seconds, bounds.converting.memory) == (15, 301 * _MB)
    assert (bounds.recognizing.seconds, bounds.recognizing.memory) == (17, 302 * _MB)
    assert bounds.recognizing_seconds == 19
    assert bounds.converting_seconds == 150
