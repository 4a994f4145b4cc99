"""Draw the pictures of docs/bench.md and docs/walkthrough.md from their code, with the system's Chromium."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent
PAPER = '<!doctype html><meta charset="utf-8"><body style="font-family:sans-serif;margin:10px">'


def run(page: Path) -> dict[str, Any]:
    """Run the Python blocks of a page one after the other, and return what they leave."""
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), flags=re.S | re.M):
        exec(compile(block, page.name, "exec"), names)
    return names


def shown() -> dict[str, Any]:
    """Return what is drawn, by the name of its picture."""
    bench, walk = run(DOCS / "bench.md"), run(DOCS / "walkthrough.md")
    by_period = bench["plot_bins"](
        bench["model"], "age_oldest", periods=bench["when"], X=bench["X"], y=bench["bad"]
    )
    return {
        "bench_table": bench["model"],
        "bench_bins": bench["drawing"],
        "bench_periods": by_period,
        "walkthrough_table": walk["model"],
        "walkthrough_bins": walk["drawing"],
    }


def main() -> None:
    """Write the pictures beside the pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 860, "height": 400}, device_scale_factor=1.2)
        for name, one in shown().items():
            tab.set_content(PAPER + one._repr_html_())
            tab.screenshot(path=DOCS / f"{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
