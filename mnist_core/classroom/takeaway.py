"""A class's digits as files: cells as CSV or .npz, which training reads, and strokes as JSON lines."""

import io
import json
from collections.abc import Sequence

import numpy as np

from mnist_core.classroom.class_cells import all_cells, split_by_member
from mnist_core.classroom.drawings import Drawing
from mnist_core.classroom.stroke_text import strokes_to_text
from mnist_core.config import CELL_SIZE


def to_csv(drawings: Sequence[Drawing]) -> bytes:
    """Return the digits of drawings as a table: a header, then a label and 784 bytes a row."""
    cells = all_cells(drawings)
    header = ",".join(["label", *(f"pixel{number}" for number in range(CELL_SIZE**2))])
    rows = np.column_stack([cells.labels, cells.cells.reshape(len(cells), CELL_SIZE**2)])
    file = io.StringIO()
    np.savetxt(file, rows, fmt="%d", delimiter=",", header=header, comments="")
    return file.getvalue().encode()


def to_npz(drawings: Sequence[Drawing]) -> bytes:
    """Return the digits of drawings as keras' `mnist.npz` has them; the test part is of members held out."""
    parts = split_by_member(drawings)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        x_train=parts.train.cells,
        y_train=parts.train.labels,
        x_test=parts.test.cells,
        y_test=parts.test.labels,
    )
    return file.getvalue()


def to_json_lines(drawings: Sequence[Drawing]) -> bytes:
    """Return drawings as JSON, one a line: who by number, what was asked, read and corrected, the strokes."""
    members = {member: number for number, member in enumerate(sorted({each.member_id for each in drawings}))}
    lines = [
        json.dumps(
            {
                "hand": members[each.member_id],
                "asked": each.asked,
                "reading": each.reading,
                "corrected": each.corrected,
                "model": each.model,
                "height": each.height,
                "width": each.width,
                **json.loads(strokes_to_text(each.strokes)),
            }
        )
        for each in drawings
    ]
    return "".join(f"{line}\n" for line in lines).encode()
