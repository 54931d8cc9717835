"""What axe-core (from the package axe-playwright-python) finds wrong with a page, as serious or critical."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
COLOURS = ("color-contrast",)  # what differs between dark and light
# A colour that is on its way from one theme to the other is neither.
# Rules whose faults are never grave are left out: `region` alone takes as long as many others together.
RUN = """([grave, wanted]) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const light = axe._audit.rules.filter(({ impact }) => !grave.includes(impact));
  const which = wanted.length
    ? { runOnly: { type: "rule", values: wanted } }
    : { rules: Object.fromEntries(light.map(({ id }) => [id, { enabled: false }])) };
  return axe.run(document, { ...which, resultTypes: ["violations"], preload: false });
}"""


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """One line for each; only by these rules, where some are named. The script comes by the debugger, which no content
    policy forbids.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN, [GRAVE, list(rules)])["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in GRAVE]
