"""What a site's robots.txt asks of a visiting machine (RFC 9309)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

AGENT: Final = "xianshen-audit"
_LARGEST: Final = 500_000
_MOST_LINES: Final = 20_000
_LONGEST_DELAY: Final = 30.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of paths, and whether they may be visited."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """What holds for us: rules, seconds between visits, and where site maps lie."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0
    maps: tuple[str, ...] = ()

    def allows(self, spelling: str) -> bool:
        """Tell whether an address may be visited: the longest pattern decides."""
        parts = urlsplit(spelling)
        path = unquote(parts.path or "/")
        if parts.query:
            path = f"{path}?{unquote(parts.query)}"
        best = (-1, True)
        for rule in self.rules:
            if matches(rule.pattern, path):
                best = max(best, (len(rule.pattern), rule.allows))
        return best[1]


# Where a robots.txt is there and can't be had, nothing may be visited.
CLOSED: Final = Robots((Rule("/", allows=False),))


def parsed(data: bytes, agent: str = AGENT) -> Robots:
    """Return what a robots.txt says to `agent`, or to all where it has no own lines."""
    text = data[:_LARGEST].decode("utf-8-sig", "replace")
    groups: dict[str, list[tuple[str, str]]] = {}
    maps: list[str] = []
    named: list[str] = []
    open_for_names = False
    for line in text.splitlines()[:_MOST_LINES]:
        field, _, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if field == "user-agent":
            named = [*named, value.lower()] if open_for_names else [value.lower()]
            open_for_names = True
            groups.setdefault(value.lower(), [])
        elif field == "sitemap" and value:
            maps.append(value)
        elif field:
            open_for_names = False
            for one in named:
                groups[one].append((field, value))
    own = [said for name, said in groups.items() if name and name in agent]
    said = [one for each in own for one in each] if own else groups.get("*", [])
    return Robots(tuple(_rules(said)), _delay(said), tuple(maps))


def matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern fits a path: `*` stands for anything, `$` for the end."""
    at_end = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if len(pieces) == 1:
        return not at_end or at == len(path)
    if at_end:
        return path.endswith(pieces[-1]) and len(path) - len(pieces[-1]) >= at
    return path.find(pieces[-1], at) >= 0


def _rules(said: list[tuple[str, str]]) -> list[Rule]:
    return [
        Rule(unquote(value), field == "allow")
        for field, value in said
        if field in {"allow", "disallow"} and value
    ]


def _delay(said: list[tuple[str, str]]) -> float:
    for field, value in said:
        if field == "crawl-delay" and value.replace(".", "", 1).isdecimal():
            return min(float(value), _LONGEST_DELAY)
    return 0.0
