"""Small files that pass for UNIPEN's."""

import gzip
import json

WRITERS = {"train": 1, "test": 3, "calibration": 6}
"""A writer of each split, in an institution that is not held out."""

STROKES = {
    "A": [[0, 1000, 350, 0, 700, 1000], [150, 600, 550, 600]],
    "E": [[100, 0, 100, 1000], [100, 0, 600, 20], [100, 500, 500, 480], [100, 1000, 600, 1000]],
    "+": [[0, 500, 1000, 500], [500, 0, 500, 1000]],
    "~": [[0, 400, 300, 200, 600, 500, 1000, 300]],
    "0": [[500, 0, 100, 300, 100, 700, 500, 1000, 900, 700, 900, 300, 500, 0]],
    "1": [[500, 0, 500, 500, 480, 1000]],
    "4": [[400, 0, 0, 600, 900, 600], [600, 300, 600, 1000]],
    "7": [[0, 0, 600, 0, 400, 500, 300, 1000]],
}


def line(label, writer=1, source="kai", strokes=None):
    content = {"label": label, "source": source, "writer": writer}
    return json.dumps(content | {"strokes": STROKES[label] if strokes is None else strokes})


def write_lines(path, lines):
    path.write_bytes(gzip.compress("".join(f"{text}\n" for text in lines).encode()))
    return path
