"""What it takes to open and read the largest picture of each kind: time, and memory at its peak.

python -m benchmarks.decoding [--page FILE]

Each picture is read by a process of its own, which has the model open as any process that reads has.
"""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import pillow_heif
import typer
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.machine import this_machine
from mnist_core.config import MAX_DECODING_BYTES, MAX_PICTURE_PIXELS, PROJECT_FOLDER
from mnist_core.reading.strokes import draw_strokes
from tests.drawings import strokes_of_number
from tests.picture_files import interlaced_png

# Peak memory from /proc, not from getrusage, whose peak is handed down by the process that started this one.
_MEASURE = """
import json, sys, time
from pathlib import Path
from mnist_core import Recognizer
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.files import load_picture
recognizer = Recognizer.load()
figures = {"error": None}
times = [time.process_time()]
try:
    picture = load_picture(Path(sys.argv[1]), "picture")
    times.append(time.process_time())
    figures["text"] = recognizer.read_photo(picture.pixels).text
    times.append(time.process_time())
    figures["decoded"] = picture.pixels.shape[:2]
except UnreadableFileError as error:
    figures["error"] = str(error)
figures["ms"] = [1000 * (end - start) for start, end in zip(times, times[1:])]
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
figures["peak_mb"] = int(peak.split()[1]) / 1024
print(json.dumps(figures))
"""

_TEXTS = ("314159", "271828", "141421")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture file.

    Attributes:
        name: as the table names it.
        megapixels: to try, the largest first; the first one that is not refused ends it.
        file: makes the file's content from a grey picture.
    """

    name: str
    megapixels: tuple[int, ...]
    file: Callable[[NDArray[np.uint8]], bytes]


def saved(mode: str, file_format: str, **options: object) -> Callable[[NDArray[np.uint8]], bytes]:
    """Return the function that writes a grey picture as a file of this mode and format."""

    def save(grey: NDArray[np.uint8]) -> bytes:
        if mode == "I;16":
            image = Image.fromarray(grey.astype(np.uint16) * 257)
        elif mode == "F":
            image = Image.fromarray(grey / np.float32(255))
        else:
            image = Image.fromarray(grey).convert(mode, dither=Image.Dither.NONE)
        file = io.BytesIO()
        image.save(file, file_format, **options)
        return file.getvalue()

    return save


def _png_of_16_bits(grey: NDArray[np.uint8]) -> bytes:
    _, encoded = cv2.imencode(".png", cv2.merge([grey] * 3).astype(np.uint16) * 257)
    return encoded.tobytes()


_FAST_HEIC = {"quality": 30, "enc_params": {"preset": "ultrafast"}}
KINDS = (
    Kind("JPEG, grey", (100,), saved("L", "JPEG", quality=60)),
    Kind("JPEG, colour", (100,), saved("RGB", "JPEG", quality=60)),
    Kind("JPEG, CMYK", (100,), saved("CMYK", "JPEG", quality=60)),
    Kind("JPEG, progressive, grey", (100, 85), saved("L", "JPEG", quality=60, progressive=True)),
    Kind("JPEG, progressive, colour", (100, 50), saved("RGB", "JPEG", quality=60, progressive=True)),
    Kind("PNG, grey", (100,), saved("L", "PNG")),
    Kind("PNG, black and white", (100,), saved("1", "PNG")),
    Kind("PNG, colour", (100,), saved("RGB", "PNG")),
    Kind("PNG, colour with alpha", (100,), saved("RGBA", "PNG")),
    Kind("PNG, palette", (100,), saved("P", "PNG")),
    Kind("PNG, colour of 16 bits", (100,), _png_of_16_bits),
    Kind("PNG, grey of 16 bits", (100, 80), saved("I;16", "PNG")),
    Kind("PNG, interlaced, grey", (100,), interlaced_png),
    Kind("PNG, interlaced, colour", (100, 42), lambda grey: interlaced_png(np.dstack([grey] * 3))),
    Kind("TIFF, fax (group 4)", (100,), saved("1", "TIFF", compression="group4")),
    Kind("TIFF, grey, LZW", (100,), saved("L", "TIFF", compression="tiff_lzw")),
    Kind("TIFF, colour, LZW", (100,), saved("RGB", "TIFF", compression="tiff_lzw")),
    Kind("TIFF, colour, JPEG", (100,), saved("RGB", "TIFF", compression="jpeg")),
    Kind("TIFF, CMYK", (100, 42), saved("CMYK", "TIFF", compression="tiff_adobe_deflate")),
    Kind("TIFF, grey of 16 bits", (100, 80), saved("I;16", "TIFF", compression="tiff_adobe_deflate")),
    Kind("TIFF, fractions", (100, 40), saved("F", "TIFF", compression="tiff_adobe_deflate")),
    Kind("BMP, black and white", (80,), saved("1", "BMP")),
    Kind("GIF", (100,), saved("L", "GIF")),
    Kind("WebP, lossy", (100, 25), saved("RGB", "WEBP", quality=60, method=0)),
    Kind("WebP, lossless with alpha", (100, 25), saved("RGBA", "WEBP", lossless=True, quality=0, method=0)),
    Kind("HEIC", (50, 25), saved("RGB", "HEIF", **_FAST_HEIC)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one file took.

    Attributes:
        kind: of file.
        size: (height, width) of the file's own pixels.
        file_mb: of the file.
        decoded: (height, width) that it was decoded to; None where it was refused.
        load_ms: CPU, of opening it.
        read_ms: CPU, of reading it then.
        peak_mb: memory of the process at its peak.
        text: what was read, or why nothing was.
    """

    kind: str
    size: tuple[int, int]
    file_mb: float
    decoded: tuple[int, int] | None
    load_ms: float | None
    read_ms: float | None
    peak_mb: float
    text: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as the tables show it."""
        height, width = self.size
        numbers = (self.load_ms, self.read_ms, self.peak_mb)
        return (
            self.kind,
            f"{height * width / 1e6:.0f}",
            f"{self.file_mb:.1f}",
            "{1} × {0}".format(*self.decoded) if self.decoded else "refused",
            *("–" if number is None else f"{number:,.0f}" for number in numbers),
        )


HEADER = ("kind", "megapixels", "file, MB", "decoded to", "opened, ms", "read, ms", "peak, MB")


def page(height: int, width: int) -> NDArray[np.uint8]:
    """Draw three lines of digits on a page: uint8 (height, width)."""
    lines = [
        stroke
        for k, text in enumerate(_TEXTS)
        for stroke in strokes_of_number(text, height=300, left=400, top=400 + 800 * k, pen=30, gap=0.5)
    ]
    small = draw_strokes(lines, 3000, 3000)[..., 0]
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def measure(kind: str, content: bytes, size: tuple[int, int]) -> Row:
    """Have a process of its own open and read a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        command = [sys.executable, "-c", _MEASURE, str(path)]
        finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    figures = json.loads(finished.stdout)
    load_ms, read_ms = figures["ms"] if figures["error"] is None else (None, None)
    decoded = None if figures["error"] else (figures["decoded"][0], figures["decoded"][1])
    text = figures["error"] or figures["text"]
    return Row(kind, size, len(content) / 1e6, decoded, load_ms, read_ms, figures["peak_mb"], text)


def rows_of(kind: Kind) -> Iterator[Row]:
    """Measure a kind of file at its sizes, the largest first, until one is opened."""
    for megapixels in kind.megapixels:
        side = int((megapixels * 1e6) ** 0.5)
        row = measure(kind.name, kind.file(page(side, side)), (side, side))
        yield row
        if row.decoded:
            return


def all_rows() -> Iterator[Row]:
    """Measure a page scanned at 600 dpi, then each kind at its largest."""
    scan = page(7014, 4962)
    yield measure("JPEG, A4 at 600 dpi", saved("L", "JPEG", quality=60)(scan), (7014, 4962))
    yield measure("PNG, A4 at 600 dpi, colour", saved("RGB", "PNG")(scan), (7014, 4962))
    for kind in KINDS:
        yield from rows_of(kind)


def as_markdown(rows: Sequence[Row]) -> str:
    """Write the table for docs/."""
    refused = [row.text.replace("picture has", "has") for row in rows if row.decoded is None]
    return "\n".join(
        [
            "# Large pictures, as measured",
            "",
            f"{this_machine()}; made by `make benchmark`.",
            "",
            f"A file may have 10 MB and {MAX_PICTURE_PIXELS // 10**6} megapixels; decoding it may take "
            f"{MAX_DECODING_BYTES // 10**6} MB, reckoned from its header, so that a process that reads stays "
            "below 300 MB. A JPEG is scaled while it is decoded, PNG and TIFF go through libvips row by row; "
            "the rest is decoded whole and reduced then. A kind that takes more is refused, with what to do; "
            "the line below it shows a size that is opened. Milliseconds are CPU time.",
            "",
            f"| {' | '.join(HEADER)} |",
            f"| --- | {' | '.join('---:' for _ in HEADER[1:])} |",
            *(f"| {' | '.join(row.cells)} |" for row in rows),
            "",
            "What is said where a file is refused:",
            "",
            *(f"- {sentence}" for sentence in dict.fromkeys(refused)),
            "",
        ]
    )


def main(
    page_file: Annotated[
        Path | None, typer.Option("--page", help="Write the table here, as Markdown.")
    ] = None,
) -> None:
    """Print what opening and reading large pictures takes."""
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None
    rows = []
    table = Table(*HEADER, title="Large pictures")
    for row in all_rows():
        rows.append(row)
        table.add_row(*row.cells)
        Console(stderr=True).print(*row.cells, row.text.replace("\n", " "))
    Console().print(table)
    if page_file:
        page_file.write_text(as_markdown(rows), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
