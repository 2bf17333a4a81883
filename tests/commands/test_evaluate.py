"""Measuring a model from the command line."""

import json

import numpy as np


def test_evaluate_counts_every_cell(run, tmp_path):
    cells = np.zeros((3, 28, 28), np.uint8)
    cells[:, 4:24, 13:15] = 255
    rows = [",".join(map(str, [label, *cell.ravel()])) for label, cell in zip((1, 1, 2), cells, strict=True)]
    table = tmp_path / "ones.csv"
    header = "label," + ",".join(f"pixel{k}" for k in range(784))
    table.write_text("\n".join([header, *rows]) + "\n")
    status, output, _ = run("evaluate", "--data", table, "--format", "json")
    report = json.loads(output)
    assert status == 0
    assert (report["right"], report["total"]) == (2, 3)
    assert report["confusion_matrix"][2][1] == 1
    status, output, _ = run("evaluate", "--data", table)
    assert "2 of 3 right" in output


def test_evaluate_tells_what_is_wrong_with_its_data(run, tmp_path):
    status, output, remarks = run("evaluate", "--data", tmp_path / "gone.csv")
    assert (status, output) == (1, "")
    assert "gone.csv" in remarks
