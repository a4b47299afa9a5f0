"""WordprocessingML, as far as cleaning needs it: names, texts, hidden styles."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import is_true
from review.extract.word.styles import W, is_on

_DEEPEST_STYLE: Final = 50


@dataclass(frozen=True, slots=True)
class HiddenStyles:
    """Which styles hide their text."""

    parents: dict[str, str] = field(default_factory=dict)
    own: dict[str, bool] = field(default_factory=dict)
    default: bool = False
    paragraph: str = ""

    @staticmethod
    def of(root: etree._Element) -> "HiddenStyles":
        """Read `word/styles.xml`."""
        parents, own, paragraph = {}, {}, ""
        for style in root.iter(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            based = style.find(f"{W}basedOn")
            vanish = style.find(f"{W}rPr/{W}vanish")
            if based is not None:
                parents[name] = based.get(f"{W}val") or ""
            if vanish is not None:
                own[name] = is_on(vanish)
            usual = is_true(style.get(f"{W}default"))
            if style.get(f"{W}type") == "paragraph" and usual:
                paragraph = name
        default = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}vanish")
        return HiddenStyles(parents, own, is_on(default), paragraph)

    def hides(self, style: str | None) -> bool | None:
        """Tell whether a style hides its text; `None` where it does not say."""
        for _ in range(_DEEPEST_STYLE):
            if not style:
                return None
            if style in self.own:
                return self.own[style]
            style = self.parents.get(style)
        return None


def is_hidden(run: etree._Element, styles: HiddenStyles) -> bool:
    """Tell whether a run is set to be hidden, by itself or by a style."""
    properties = run.find(f"{W}rPr")
    vanish = None if properties is None else properties.find(f"{W}vanish")
    if vanish is not None:
        return is_on(vanish)
    named = None if properties is None else properties.find(f"{W}rStyle")
    paragraph = next(run.iterancestors(f"{W}p"), None)
    below = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
    own = styles.hides(None if named is None else named.get(f"{W}val"))
    if own is not None:
        return own
    style = styles.paragraph if below is None else below.get(f"{W}val")
    above = styles.hides(style)
    return styles.default if above is None else above
