"""Take the README's pictures of the published pages, with the Chromium of the system."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def _shoot(page: Page, name: str, *, start: str, height: int) -> None:
    """Take a picture of `height` pixels from the element `start` on."""
    page.goto((ROOT / "reports" / name).as_uri())
    box = page.locator(start).first.bounding_box()
    assert box is not None, f"{name} has no {start}"
    width = page.viewport_size["width"] if page.viewport_size else 0
    clip = {"x": 0, "y": max(box["y"] - 12, 0), "width": width, "height": height}
    page.screenshot(path=DOCS / f"{Path(name).stem}.png", clip=clip, full_page=True)  # type: ignore[arg-type]


def main() -> None:
    """Write docs/model.png, docs/applicant.png and docs/letter.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        wide = browser.new_page(viewport={"width": 1100, "height": 900})
        _shoot(wide, "model.html", start="#points", height=1250)
        phone = browser.new_page(viewport={"width": 430, "height": 900}, device_scale_factor=1.5)
        _shoot(phone, "applicant.html", start="h1", height=1500)
        sheet = browser.new_page(viewport={"width": 760, "height": 900}, device_scale_factor=1.2)
        _shoot(sheet, "letter.html", start=".demonstration", height=1500)
        browser.close()


if __name__ == "__main__":
    main()
