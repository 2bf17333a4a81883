import json

import pytest
from rich.table import Table

from mnist_core.commands import console


def test_remarks_go_to_standard_error_and_results_to_standard_output(capsys):
    console.say("A remark.")
    console.print_json({"a": "ü\n"})
    output, remarks = capsys.readouterr()
    assert remarks == "A remark.\n"
    assert output.count("\n") == 1
    assert json.loads(output) == {"a": "ü\n"}


def test_a_table_that_no_one_looks_at_is_neither_cut_nor_folded(capsys):
    table = Table("A", "B")
    table.add_row("x" * 300, "[red]y[/red] " * 50)
    console.results_console().print(table)
    output = capsys.readouterr().out
    assert "x" * 300 in output
    assert ("[red]y[/red] " * 50).strip() in output


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "3 cells, 0x1f"])
def test_progress_shows_texts_as_they_are_on_standard_error(capsys, text):
    console.progress_console().print(text)
    assert capsys.readouterr() == ("", f"{text}\n")
