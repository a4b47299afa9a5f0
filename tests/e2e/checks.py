"""What must hold of every page, whoever looks at it: asked of the page itself.

Each check returns what is wrong in words, one line a fault; nothing is good.
"""

from functools import cache
from pathlib import Path
from typing import Final, get_args

import regex
from playwright.sync_api import Page

from review.access.permissions import OfficeVerb
from review.case import people, values
from review.case.authority_table import Verb
from review.case.case import Stage
from review.detect import interface as detect
from review.ledger.statement import KINDS
from review.pipeline import Verdict
from review.ports.tasks import TaskKind
from review.resources import lexicons_folder
from review.spans import Part

_AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
_GRAVE: Final = ("serious", "critical")
# What people call things by, too: an account, and lists of words in a spreadsheet.
_LISTS: Final = {one.stem for one in (lexicons_folder() / "context").glob("*.yaml")}
_NAMES: Final = frozenset({"system", *_LISTS})

# What stands in tags, attributes and code is for programs.
_VISIBLE_TEXT: Final = """
() => {
  const root = [...document.querySelectorAll('dialog[open]')].pop() ?? document.body;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (holder.closest('script, style, noscript, template, textarea, code, .mono')) continue;
    if (holder.checkVisibility()) found.push(walker.currentNode.data);
  }
  for (const one of root.querySelectorAll('[title], [placeholder], [aria-label]'))
    for (const name of ['title', 'placeholder', 'aria-label'])
      found.push(one.getAttribute(name) ?? '');
  return found.join('\\n');
}
"""
_TOO_WIDE: Final = """
() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  const most = [...document.body.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 3).map((one) => `${one.localName}.${one.className}`);
  return [`${page.scrollWidth} wide in ${window.innerWidth}: ${most.join(', ')}`];
}
"""
# Two things to press on the same spot; what stays in place while the rest scrolls is
# compared among itself.
_OVERLAPS: Final = """
() => {
  const WHAT = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const root = [...document.querySelectorAll('dialog[open]')].pop() ?? document.body;
  const layerOf = (one) => {
    for (let at = one; at && at !== root; at = at.parentElement)
      if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return at;
    return null;
  };
  const clipped = (one, box) => {
    let { left, top, right, bottom } = box;
    for (let at = one.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflow === 'visible') continue;
      const around = at.getBoundingClientRect();
      left = Math.max(left, around.left); right = Math.min(right, around.right);
      top = Math.max(top, around.top); bottom = Math.min(bottom, around.bottom);
    }
    return right - left > 2 && bottom - top > 2 ? { left, top, right, bottom } : null;
  };
  const named = (one) =>
    `${one.localName}「${(one.textContent || one.name || one.ariaLabel || '').trim().slice(0, 20)}」`;
  const shown = [];
  for (const one of root.querySelectorAll(WHAT)) {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (one.closest('.sr, .skip')) continue;
    for (const box of one.getClientRects()) {
      const seen = clipped(one, box);
      if (seen) shown.push({ one, seen, layer: layerOf(one) });
    }
  }
  shown.sort((a, b) => a.seen.top - b.seen.top);
  const found = [];
  shown.forEach((a, at) => {
    for (let next = at + 1; next < shown.length; next++) {
      const b = shown[next];
      if (b.seen.top > a.seen.bottom - 3) break;
      if (a.layer !== b.layer || a.one.contains(b.one) || b.one.contains(a.one)) continue;
      const wide = Math.min(a.seen.right, b.seen.right) - Math.max(a.seen.left, b.seen.left);
      if (wide > 3) found.push(`${named(a.one)} and ${named(b.one)} overlap`);
    }
  });
  return found.slice(0, 5);
}
"""
# What stands out of its panel, and buttons whose words do not fit.
_SPILLS: Final = """
() => {
  const found = [];
  const scrolls = (one) => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(one).overflowX);
  for (const panel of document.querySelectorAll('.panel, dialog[open], .bar')) {
    const right = panel.getBoundingClientRect().right;
    for (const one of panel.querySelectorAll('button, .button, input, select, textarea, table, p, h2, a')) {
      if (!one.checkVisibility() || one.closest('.sr, .skip')) continue;
      let at = one.parentElement, inside = false;
      for (; at && at !== panel.parentElement; at = at.parentElement) inside ||= scrolls(at);
      if (!inside && one.getBoundingClientRect().right > right + 1)
        found.push(`${one.localName}「${one.textContent.trim().slice(0, 20)}」 stands out of its panel`);
    }
  }
  for (const one of document.querySelectorAll('button, .button, .tag, .stage'))
    if (one.checkVisibility() && one.scrollWidth > one.clientWidth + 2 && one.clientWidth > 0)
      found.push(`「${one.textContent.trim().slice(0, 20)}」 does not fit its ${one.localName}`);
  return found.slice(0, 5);
}
"""
_AXE_RUN: Final = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'], preload: false });
  return found.violations.map((one) => [
    one.impact, one.id, one.help,
    one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)),
  ]);
}
"""


def faults_of(page: Page, *, thorough: bool = True) -> list[str]:
    """Return what is wrong with the page as it stands; `thorough` asks axe too."""
    # An answer may be on its way still: half a page has no body, or one without words.
    page.wait_for_load_state()
    found = [f"untranslated: {one}" for one in codes_in(page.evaluate(_VISIBLE_TEXT))]
    for asked in (_TOO_WIDE, _OVERLAPS, _SPILLS):
        found += page.evaluate(asked)
    if thorough:
        found += inaccessible(page)
    return found


def inaccessible(page: Page) -> list[str]:
    """Return what axe-core finds that keeps people from using the page."""
    page.evaluate(_axe())
    return [
        f"axe {rule} ({impact}): {words}; {' | '.join(where)}"
        for impact, rule, words, where in page.evaluate(_AXE_RUN)
        if impact in _GRAVE
    ]


def codes_in(text: str) -> list[str]:
    """Return the program's own words among those that a person reads."""
    # A command that is to be run on the server is written as it is typed.
    text = regex.sub(r"xianshen(?: [a-z-]+)+", "", text)
    around = r"(?<![\w./:@#-]){}(?![\w./:@-])"
    snake = regex.findall(around.format(r"[a-z]+(?:_[a-z]+)+"), text)
    known = regex.findall(around.format(r"[a-z]+(?:\.[a-z_]+)?"), text)
    return sorted({*snake, *(one for one in known if one in _codes())} - _NAMES)


@cache
def _codes() -> frozenset[str]:
    kinds = (
        Stage,
        people.Post,
        values.Channel,
        values.SourceKind,
        values.FileRole,
        values.Opinion,
        values.Conclusion,
        values.Outcome,
        values.Ground,
        values.RevocationCause,
        detect.Category,
        detect.Tier,
        detect.Level,
        detect.Severity,
        detect.DetectorName,
        Verdict,
        Part,
        Verb,
        OfficeVerb,
        TaskKind,
    )
    told = {one for kind in kinds for one in get_args(kind)}
    return frozenset(told.union(KINDS))


@cache
def _axe() -> str:
    return _AXE.read_text("utf-8")
