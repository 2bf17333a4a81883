import numpy as np
import pytest

from mnist_core.commands.findings import say_findings
from mnist_core.datasets.inspection import FindingKind
from mnist_core.datasets.labelled_cells import LabelledCells
from tests.pages.classroom import hand_drawn_cells


@pytest.fixture(scope="module")
def faint() -> LabelledCells:
    """Hand-drawn digits whose ink is 1 instead of 255."""
    cells, labels = hand_drawn_cells(20)
    return LabelledCells(np.uint8(cells > 127), labels)


def test_what_looks_wrong_is_said_with_what_can_be_done(fake_recognizer, faint, capsys):
    say_findings(faint, fake_recognizer)
    output, remarks = capsys.readouterr()
    assert output == ""
    (line,) = [line for line in remarks.splitlines() if "brightest" in line]
    assert line.startswith("Please check: ")
    assert line.endswith("The Train page offers to put this right.")


def test_what_is_known_is_passed_over(fake_recognizer, faint, capsys):
    say_findings(faint, fake_recognizer, passed_over=FindingKind.RANGE)
    assert "brightest" not in capsys.readouterr().err
