"""Laws of addresses and of robots.txt, on whatever addresses people write."""

from urllib.parse import quote, urlsplit

from hypothesis import assume, given
from hypothesis import strategies as st

from review.siteaudit import addresses, robots

_HOME = "https://www.example.edu.cn/"
_SIGNS = st.text("ab中/.%25eEfF?&=#;~ +_-:@", max_size=30)
_STEPS = st.lists(
    st.sampled_from(["a", "b c", "新闻", "..", ".", "", "x%2fy", "A"]), max_size=6
)


@given(_SIGNS)
def test_an_address_is_spelled_one_way(raw: str) -> None:
    once = addresses.spelled(raw, _HOME)
    if once is not None:
        assert addresses.spelled(once, _HOME) == once
        assert "#" not in once
        assert not {"..", "."} & set(urlsplit(once).path.split("/"))


@given(_STEPS)
def test_an_escaped_address_is_the_same(steps: list[str]) -> None:
    path = "/" + "/".join(steps)
    assume(not path.startswith("//"))  # that names another host
    assert addresses.spelled(quote(path, safe="/%"), _HOME) == addresses.spelled(
        path, _HOME
    )


@given(_SIGNS)
def test_no_address_leads_away_unseen(raw: str) -> None:
    found = addresses.spelled(raw, _HOME)
    if found is not None and addresses.is_at_home(found, _HOME):
        assert urlsplit(found).hostname == "www.example.edu.cn"
        assert urlsplit(addresses.at_home(found, _HOME)).scheme == "https"


@given(_SIGNS)
def test_one_page_has_one_key_under_both_schemes(raw: str) -> None:
    found = addresses.spelled(raw, _HOME)
    if found is not None and found.startswith("https:"):
        other = addresses.spelled(f"http:{found[6:]}", _HOME)
        assert other is not None
        assert addresses.key(other) == addresses.key(found)


_PATTERN = st.text("ab/*$", min_size=1, max_size=8)
_PATH = st.text("ab/", max_size=8).map(lambda rest: f"/{rest}")


def _matches_slowly(pattern: str, path: str) -> bool:
    """Match letter by letter, as the RFC says it."""
    if pattern in {"", "$"}:
        return pattern == "" or path == ""
    if pattern[0] == "*":
        return any(
            _matches_slowly(pattern[1:], path[at:]) for at in range(len(path) + 1)
        )
    return path[:1] == pattern[0] and _matches_slowly(pattern[1:], path[1:])


@given(_PATTERN.filter(lambda one: "$" not in one[:-1]), _PATH)
def test_patterns_match_as_they_would_letter_by_letter(pattern: str, path: str) -> None:
    assert robots.matches(pattern, path) == _matches_slowly(pattern, path)


@given(st.lists(st.tuples(st.booleans(), _PATTERN), max_size=6), _PATH)
def test_the_longest_pattern_decides(said: list[tuple[bool, str]], path: str) -> None:
    text = "User-agent: *\n" + "".join(
        f"{'Allow' if allows else 'Disallow'}: {pattern}\n" for allows, pattern in said
    )
    fitting = [
        (len(pattern), allows)
        for allows, pattern in said
        if robots.matches(pattern, path)
    ]
    wanted = max(fitting, default=(0, True))[1]
    found = robots.parsed(text.encode()).allows(f"https://h{path}")
    assert found == wanted


@given(st.binary(max_size=300))
def test_any_robots_file_can_be_read(data: bytes) -> None:
    assert robots.parsed(data).allows("https://h/") in {True, False}
