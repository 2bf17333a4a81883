"""What looks wrong with a person's own table, said on standard error before anything is made of it."""

from typing import TYPE_CHECKING

from mnist_core.commands.console import say

if TYPE_CHECKING:
    from mnist_core.datasets.inspection import FindingKind
    from mnist_core.datasets.labelled_cells import LabelledCells
    from mnist_core.reading.recognizer import Recognizer


def say_findings(
    cells: "LabelledCells", recognizer: "Recognizer", passed_over: "FindingKind | None" = None
) -> None:
    """Inspect a table's cells, and write what looks wrong on standard error.

    Args:
        cells: of the table.
        recognizer: of a network that knows digits.
        passed_over: what is not to be said.
    """
    from mnist_core.datasets.inspection import Remedy, inspect_cells

    for finding in inspect_cells(cells, recognizer):
        if finding.kind is not passed_over:
            offer = "" if finding.remedy is Remedy.NONE else " The Train page offers to put this right."
            say(f"Please check: {finding.sentence}{offer}")
