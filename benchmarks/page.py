"""What the draw page costs: its start, its memory, a stroke's CPU, and how soon a visitor sees the text.

Beside it, in the same run: a page of one line, and the page as it is usually written (usual_page.py).
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import Serving
from benchmarks.spread import Row, Spread
from benchmarks.visitors import Visitor
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of, strokes_of_number
from tests.pages.hands import draw_line

_USUAL = Path(__file__).with_name("usual_page.py")
_BARE = "import streamlit\nstreamlit.write('one line')\n"
_STARTS = 5
_STROKES = 30
_BARS = 6
_SETTLED_MS = 700
_QUIET_S = 0.1
"""After a run is over its thread ends and its last messages are sent: this, too, is the stroke's cost."""
_PORT, _OTHER_PORT = 8628, 8629
_WATCH = """() => {
  window.waits = [];
  let lifted = null;
  document.addEventListener('pointerup', () => { lifted = performance.now(); }, true);
  const text = () => document.querySelector('.st-key-reading-text')?.textContent;
  let before = text();
  new MutationObserver(() => {
    if (text() === before) return;
    before = text();
    if (lifted !== null) window.waits.push(performance.now() - lifted);
    lifted = null;
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
"""Notes in the browser, in ms, how long after the pen was lifted the text changed."""


def page_rows() -> Iterator[Row]:
    """Measure everything about the page."""
    yield from start_rows()
    yield from cpu_rows()
    yield Row(
        "pen-up to changed text in the browser",
        Spread.of(pen_up_waits(None)),
        Spread.of(pen_up_waits(_USUAL)),
    )


def start_rows() -> Iterator[Row]:
    """Start servers, in turn: seconds until the first answer, and the memory then."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE, encoding="utf-8")
        starts = [[asyncio.run(first_reading(app)) for app in (None, _USUAL, bare)] for _ in range(_STARTS)]
    (ours, our_mb), (usual, usual_mb), (plain, plain_mb) = np.array(starts).transpose(1, 2, 0).tolist()
    yield Row("server start to first reading", Spread.of(ours, "s"), Spread.of(usual, "s"))
    our_more, usual_more = np.subtract(ours, plain).tolist(), np.subtract(usual, plain).tolist()
    yield Row("the same, beyond bare Streamlit", Spread.of(our_more, "s"), Spread.of(usual_more, "s"))
    yield Row(
        "server memory after the first reading",
        Spread.of(our_mb, "MB"),
        Spread.of(usual_mb, "MB"),
        f"bare Streamlit: {Spread.of(plain_mb, 'MB')}",
    )


async def first_reading(app: Path | None) -> tuple[float, float]:
    """Start a server, open its page and draw one digit where there is a canvas: seconds, and MB then."""
    with Serving(app, _PORT) as server:
        visitor = Visitor(server.address)
        await visitor.enter()
        if visitor.has_canvas:
            await visitor.show(strokes_of("5"), picture=app is not None)
        seconds = time.perf_counter() - server.started
        await asyncio.sleep(_QUIET_S)
        megabytes = server.resident_mb
        await visitor.leave()
        return seconds, megabytes


def cpu_rows() -> Iterator[Row]:
    """Measure what a stroke costs the server, ours and the usual one taking turns."""
    for what, digits in (("one digit", 1), ("six digits", 6)):
        ours, usual = asyncio.run(stroke_costs(digits))
        yield Row(f"server CPU for one stroke, {what} on the paper", Spread.of(ours), Spread.of(usual))


async def stroke_costs(digits: int) -> tuple[list[float], list[float]]:
    """Draw so many digits again and again, each time a little differently: CPU ms of the last stroke."""
    rng = np.random.default_rng(0)
    costs: tuple[list[float], list[float]] = ([], [])
    with Serving(None, _PORT) as ours, Serving(_USUAL, _OTHER_PORT) as usual:
        visits = [(ours, Visitor(ours.address), False), (usual, Visitor(usual.address), True)]
        for _, visitor, _ in visits:
            await visitor.enter()
        for number in range(_STROKES + 2):
            text = "".join(map(str, rng.integers(0, 10, digits)))
            strokes = _in_some_hand(strokes_of_number(text, height=105, gap=0.2), rng)
            for spent, (server, visitor, picture) in zip(costs, visits, strict=True):
                if len(strokes) > 1:
                    await visitor.show(strokes[:-1], picture)
                    await asyncio.sleep(_QUIET_S)
                before = server.cpu_seconds
                await visitor.show(strokes, picture)
                await asyncio.sleep(_QUIET_S)
                if number >= 2:  # the first ones warm up
                    spent.append(1000 * (server.cpu_seconds - before))
        for _, visitor, _ in visits:
            await visitor.leave()
    return costs


def pen_up_waits(app: Path | None) -> list[float]:
    """Draw strokes in a browser, six on each paper: ms from each pen-up to the changed text."""
    waits: list[float] = []
    with Serving(app, _PORT) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(_STROKES // _BARS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(server.address)
            waits += _draw_bars(page)
            page.close()
        browser.close()
    return waits


def _draw_bars(page: Page) -> list[float]:
    """Draw one 1 after the other, each once the text has followed the one before."""
    paper = page.locator("canvas.upper-canvas")
    paper.wait_for()
    page.wait_for_timeout(_SETTLED_MS)
    box = paper.bounding_box()
    if box is None:
        raise RuntimeError("The page shows no paper.")
    page.evaluate(_WATCH)
    for number in range(_BARS):
        left, top = box["x"] + 60 + 110 * number, box["y"] + 50
        draw_line(page, [(left + 0.4 * step, top + 16 * step) for step in range(11)])
        page.wait_for_function("number => window.waits.length > number", arg=number)
        page.wait_for_timeout(_SETTLED_MS)  # what else the page has to do, and a canvas' own late word
    waits: list[float] = page.evaluate("window.waits")
    return waits


def _in_some_hand(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> tuple[Stroke, ...]:
    """Slant and stretch strokes a little, so that no drawing comes twice."""
    hand = np.eye(2, dtype=np.float32) + rng.normal(0, 0.03, (2, 2)).astype(np.float32)
    return tuple(Stroke((stroke.points - 140) @ hand + 140, stroke.width) for stroke in strokes)
