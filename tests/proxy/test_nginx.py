"""Debian's nginx before and behind the proxy's own command, with the files shipped for it.

Without nginx this is skipped, unless `XIANSHEN_TEST_NGINX=required` says that there
has to be one. Everything listens on sockets in a folder of its own.
"""

import os
from collections.abc import Iterator
from typing import Final

import pytest

from tests.proxy.behind_nginx import Front, fronted, nginx_here
from tests.proxy.chain import Chain, escaped

pytestmark = pytest.mark.slow
_NGINX: Final = "XIANSHEN_TEST_NGINX"


@pytest.fixture
def front(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    nginx = _nginx()
    with fronted(chain, tmp_path_factory.mktemp("n"), nginx) as made:
        yield made


def test_what_was_cleared_goes_through_all_of_it(chain: Chain, front: Front) -> None:
    website = chain.cleared.website
    page = next(
        one
        for one in website.articles
        if one.path not in chain.cleared.planted.suspect
        and [file.path[-4:] for file in one.files] == ["docx"]
    )
    with front.gate.open():
        served = front.get(page.path)
        assert (served.status_code, served.content) == (200, page.published)
        file = page.files[0]
        assert front.get(escaped(file.path)).content == file.data
        assert front.get("/").content == website.pages[0].published
        front.put(page.path, page.published.replace("踊跃".encode(), "踊耀".encode()))
        changed = front.get(page.path)
        assert changed.status_code == 403
        assert "踊耀" not in changed.text
        for odd in (
            f"/x/..{page.path}",
            f"/x/%2e%2e{page.path}",
            f"/{page.path}",
            "/news%2f009.html",
            "/..%5c..%5cetc/passwd",
            "/%252e%252e/etc/passwd",
            "/news/%c0%ae%c0%ae/x",
        ):
            assert front.get(odd).status_code == 400, odd
        assert front.get("/nothing.html").status_code == 404
        front.put(page.path, page.published)
        assert front.get(page.path).status_code == 200
    # The gate is gone: nobody is shown what was fine a moment ago.
    assert front.get(page.path).status_code == 503
    assert front.get("/static/site.css").status_code == 200


def _nginx() -> str:
    found = nginx_here()
    if found is not None:
        return found
    missing = "no nginx: apt-get install nginx-light"
    if os.environ.get(_NGINX) == "required":  # noqa: TID251 - how the tests run
        pytest.fail(missing)
    pytest.skip(missing)
