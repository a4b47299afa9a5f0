"""A site of many pages behind the proxy, as published, with 25 planted deviations."""

import pytest

from tests.proxy.chain import Chain, escaped
from tests.websites.planted import EXTRA_FILE, EXTRA_PAGE

pytestmark = pytest.mark.slow


def test_what_was_cleared_is_served_to_the_byte(chain: Chain) -> None:
    fates = {one.path for one in chain.cleared.planted.deviations}
    files = chain.behind.files
    wanted = [
        one for one in files if one not in fates or files[one] != _now(chain, one)
    ]
    whole = [one for one in wanted if one not in _fated(chain)]
    for path, answer in zip(whole, chain.every(map(escaped, whole)), strict=True):
        assert answer.status_code == 200, (path, answer.text)
        assert answer.content == files[path], path


def test_every_deviation_is_refused_and_nothing_else(chain: Chain) -> None:
    planted = chain.cleared.planted
    chain.behind.files = dict(planted.files)
    answers = zip(planted.files, chain.every(map(escaped, planted.files)), strict=True)
    refused, served = set(), {}
    for path, answer in answers:
        if answer.status_code == 200:
            served[path] = answer.content
        else:
            assert answer.status_code == 403, (path, answer.status_code)
            assert planted.files[path] not in answer.content
            refused.add(path)
    assert planted.wrong <= refused, planted.wrong - refused
    assert refused <= planted.suspect, refused - planted.suspect
    assert {EXTRA_PAGE, EXTRA_FILE} <= refused
    assert all(data == planted.files[path] for path, data in served.items())


def _fated(chain: Chain) -> set[str]:
    kinds = {"revoked", "expired", "channel", "pending", "refused"}
    return {one.path for one in chain.cleared.planted.deviations if one.kind in kinds}


def _now(chain: Chain, path: str) -> bytes | None:
    return chain.cleared.planted.files.get(path)
