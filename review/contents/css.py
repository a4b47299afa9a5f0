"""As much of style sheets as decides what is seen and what they write themselves."""

from collections.abc import Mapping
from typing import Final

import regex
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

# Strings are kept, for they may hold what only looks like a comment; a line's end ends one.
_COMMENT: Final = regex.compile(
    r"""(\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?)|/\*.*?\*/""", regex.DOTALL
)
_DECLARATION: Final = regex.compile(
    r"([-\w]+)\s*:\s*((?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\([^)]*+\)|[^;\"'()]|[\"'()])*+)",
    regex.DOTALL,
)
_ADDRESS: Final = regex.compile(r"url\(\s*(\"[^\"]*\"|'[^']*'|[^)]*)\s*\)", regex.I)
_RULE: Final = regex.compile(r"([^{}]{1,300})\{([^{}]{1,2000})\}")
_NIL: Final = regex.compile(r"[-+]?0*(?:\.0*)?\s*(?:px|pt|em|rem|ex|ch|vw|vh|mm|cm|%)?")
_FAR: Final = regex.compile(r"-\d{3,}(?:\.\d+)?\s*(?:px|pt|em|rem|%)?")
_RELATIVE: Final = regex.compile(r"[\d.]+\s*(?:em|ex|ch|%)|larger|smaller|inherit")
# A sheet with one of these may write, draw or turn text, or is not understood.
_RISKY: Final = regex.compile(
    r"\bcontent\s*:|@counter-style|url\(|@import|@font-face|\\|unicode-bidi|direction\s*:\s*rtl|attr\(|!\s*important",
    regex.I,
)
# Text that stands in other declarations than content; a variable may hold any.
_WRITING: Final = regex.compile(
    r"\bimage(?:-set)?\(|(?:list-style(?:-type)?|quotes|text-overflow|text-emphasis(?:-style)?"
    r"|hyphenate-character)\s*:[^;}]*(?:[\"']|var\(|url\()",
    regex.I,
)
_ESCAPED_NAME: Final = regex.compile(r"(?:^|;)[^:;]*\\")
_MOST_RULES: Final = 500


def declarations(style: str | None) -> Mapping[str, str]:
    """Return the declarations of a style attribute, lower case, the last one valid."""
    if not style:
        return {}
    found: dict[str, str] = {}
    weighty: set[str] = set()
    for given, raw in _DECLARATION.findall(_without_comments(style)):
        name, value = given.lower(), raw.strip()
        plain, mark, _ = value.lower().partition("!important")
        if mark or name not in weighty:
            found[name] = value if name == "content" else plain.strip()
            if mark:
                weighty.add(name)
    return found


def removes(styles: Mapping[str, str]) -> bool:
    """Tell declarations under which nothing of an element is seen, nor below it."""
    if styles.get("display") == "none" or styles.get("mso-hide") == "all":
        return True
    if _is_nil(styles.get("opacity")) or _is_far(styles.get("text-indent")):
        return True
    if styles.get("position") in {"absolute", "fixed", "relative"} and any(
        _is_far(styles.get(side)) for side in ("left", "top")
    ):
        return True
    cut = {styles.get(name) for name in ("overflow", "overflow-x", "overflow-y")}
    sizes = ("height", "max-height", "width", "max-width")
    return bool(cut & {"hidden", "clip"}) and any(
        _is_nil(styles.get(size)) for size in sizes
    )


def visibility(styles: Mapping[str, str]) -> bool | None:
    """Tell whether an element is made visible or invisible; `None`: as above it."""
    value = styles.get("visibility")
    if value in {"hidden", "collapse"}:
        return False
    return True if value == "visible" else None


def tiny(styles: Mapping[str, str]) -> bool | None:
    """Tell whether the font has no size; `None`: as above it."""
    value = styles.get("font-size")
    if value is None or (_RELATIVE.fullmatch(value) and not _is_nil(value)):
        return None
    return _is_nil(value)


def addresses(style: str) -> tuple[str, ...]:
    """Return the addresses of pictures that a style attribute loads, case kept."""
    found = _ADDRESS.findall(_without_comments(style))
    return tuple(one.strip("\"' ") for one in found)


def hidden_nodes(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the nodes that the page's own style sheets hide."""
    found: set[int] = set()
    sheets = "\n".join(node.text() for node in tree.css("style"))
    rules = _RULE.findall(_without_comments(sheets))[:_MOST_RULES]
    for selector, body in rules:
        styles = declarations(body)
        if not (removes(styles) or visibility(styles) is False or tiny(styles)):
            continue
        try:
            found.update(node.mem_id for node in tree.css(selector.strip()))
        except SelectolaxError:
            # An unknown selector hides nothing: its text is then taken as seen.
            continue
    return frozenset(found)


def risky_sheet(sheet: str) -> str | None:
    """Return a style sheet that can change what is read, white space folded."""
    plain = _without_comments(sheet)
    writes = _RISKY.search(plain) or _WRITING.search(plain)
    if writes or plain.count("{") > _MOST_RULES:
        return " ".join(plain.split())
    return None


def writing_style(style: str | None) -> str | None:
    """Return a style attribute that writes text, or may, white space folded."""
    plain = _without_comments(style or "")
    if _WRITING.search(plain) or _ESCAPED_NAME.search(plain):
        return " ".join(plain.split())
    return None


def _without_comments(sheet: str) -> str:
    return _COMMENT.sub(r"\1", sheet)


def _is_nil(value: str | None) -> bool:
    return bool(value) and _NIL.fullmatch(value or "") is not None


def _is_far(value: str | None) -> bool:
    return bool(value) and _FAR.fullmatch(value or "") is not None
