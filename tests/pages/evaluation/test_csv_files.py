"""An evaluation's numbers as CSV."""

import codecs

from mnist_core.evaluation.evaluation import Evaluation
from pages.evaluation.csv_files import (
    curves_csv,
    digits_csv,
    evaluation_files,
    matrix_csv,
    readings_csv,
    reliability_csv,
)
from tests.storage.sample_card import CARD


def test_csv_holds_the_numbers(evaluation: Evaluation) -> None:
    report = evaluation.report
    assert matrix_csv(report).splitlines()[5] == "4,0,0,0,0,1,0,0,0,0,1"
    assert digits_csv(report).splitlines()[0] == "digit,precision,recall,f1,count"
    assert readings_csv(evaluation).splitlines()[9].startswith("8,4,9,0.82")
    assert len(reliability_csv(report).splitlines()) == 2
    assert curves_csv(CARD.curves).splitlines()[1] == "1,0.5,0.9,0.1,0.98,12.5"


def test_every_file_begins_with_the_mark_that_says_utf_8(evaluation: Evaluation) -> None:
    files = evaluation_files(evaluation, CARD.curves)
    assert list(files) == ["curves", "confusion-matrix", "digits", "reliability", "all-readings"]
    for _, make in files.values():
        assert make().startswith(codecs.BOM_UTF8)
        assert make().count(b"\n") > 1
