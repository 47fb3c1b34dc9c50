"""Write the pictures of the page that the README shows, of the bundled sample.

python -m tests.browser.screenshots FOLDER
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from .corpus import SAMPLE
from .open_page import PHONE, OpenPage
from .server import launched, serving

DESKTOP = {"width": 1440, "height": 900}
MONGOLIA = "sample/ko/몽골-전략적-동반자.md"
GLOSSARY = "sample/mixed/외교-용어-풀이.md"
COLOURS = 128  # enough for text with smooth edges; the files are a third of the size
# Name of the picture: the options of the browser, and the state of the page.
PICTURES = {
    "light": (
        {"locale": "en-US", "viewport": DESKTOP},
        {"q": "strategic partnership", "doc": GLOSSARY, "ordinal": "2"},
    ),
    "dark": (
        {"locale": "ko-KR", "viewport": DESKTOP, "color_scheme": "dark"},
        {"q": "동반자", "date": "2022..2024", "doc": MONGOLIA, "ordinal": "1"},
    ),
    "concordance": (
        {"locale": "en-US", "viewport": DESKTOP},
        {"q": "동반자 partner", "view": "kwic", "language": "mixed"},
    ),
    "phone": ({"locale": "ko-KR", "viewport": PHONE}, {"q": "동반자"}),
}


def main(folder: Path) -> None:
    """Write all pictures into a folder, as page-NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as documents, sync_playwright() as playwright:
        shutil.copytree(SAMPLE, Path(documents) / "sample")
        chromium = launched(playwright)
        with serving(Path(documents)) as address:
            for name, (options, state) in PICTURES.items():
                page = OpenPage(chromium, address, **options)
                page.open(**state).open(**state)  # the second time as quick as it always is then
                page.find("#q").blur()
                write(folder / f"page-{name}.png", page.tab.screenshot())
                page.close()
        chromium.close()


def write(path: Path, picture: bytes) -> None:
    """Write a picture in few colours."""
    with Image.open(io.BytesIO(picture)) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
