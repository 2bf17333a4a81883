"""`runs`: the training runs, under way and over, and which of them `train --resume` can go on with."""

import typer
from rich.table import Table
from rich.text import Text

from mnist_core.commands.console import FormatOption, TableFormat, print_json, results_console
from mnist_core.config import AppPaths
from mnist_core.errors import ModelError


def runs(context: typer.Context, table_format: FormatOption = TableFormat.TABLE) -> None:
    """List the training runs, the newest first."""
    from mnist_core.runs.history import list_runs, load_run
    from mnist_core.runs.resumption import can_resume

    paths: AppPaths = context.obj
    table = Table("Run", "Model", "Recipe", "Epochs", "State", "Can go on")
    for run_id in list_runs(paths):
        try:
            run = load_run(run_id, paths)
        except ModelError:  # its settings are damaged: it is of no use
            continue
        row = {
            "run": run.id,
            "model": run.model,
            "recipe": run.recipe,
            "epochs": len(run.curves),
            "of": run.epochs,
            "state": str(run.state),
            "can_resume": can_resume(run),
        }
        if table_format is TableFormat.JSON:
            print_json(row)
        epochs = f"{row['epochs']} of {run.epochs}" if run.epochs else ""
        goes_on = "yes" if row["can_resume"] else ""
        table.add_row(*map(Text, (run.id, run.model, run.recipe, epochs, str(run.state), goes_on)))
    if table_format is TableFormat.TABLE:
        results_console().print(table)
