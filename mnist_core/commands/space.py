"""`space`: what the home folder takes, and what of it can be freed."""

from enum import StrEnum

import typer
from rich.table import Table

from mnist_core.commands.console import FormatOption, TableFormat, print_json, results_console, say
from mnist_core.config import AppPaths

space = typer.Typer(no_args_is_help=True, help="Show what models, runs and tables take, and free it.")


class Freed(StrEnum):
    """What can be freed without a trained network being lost from the shelf."""

    REMOVED = "removed"
    RUNS = "runs"
    TABLES = "tables"


@space.command()
def show(context: typer.Context, table_format: FormatOption = TableFormat.TABLE) -> None:
    """Show how many networks, runs and tables there are, and what they take."""
    from mnist_core.storage.disk_space import measure_space

    spaces = measure_space(context.obj)
    if table_format is TableFormat.JSON:
        for each in spaces:
            print_json({"kind": each.kind, "count": each.count, "bytes": each.size})
        return
    table = Table("What", "How many", "MB")
    for each in spaces:
        table.add_row(each.kind, f"{each.count:,}", f"{each.size / 1e6:,.1f}")
    results_console().print(table)


@space.command()
def free(context: typer.Context, what: Freed) -> None:
    """Delete for good: removed networks, training runs that are over, or uploaded tables."""
    paths: AppPaths = context.obj
    match what:
        case Freed.REMOVED:
            from mnist_core.storage.disk_space import forget_removed

            say(f"Removed networks are deleted: {forget_removed(paths) / 1e6:,.1f} MB.")
        case Freed.RUNS:
            from mnist_core.runs.clearing import drop_runs

            say(f"Training runs are deleted: {drop_runs(paths)}.")
        case Freed.TABLES:
            from mnist_core.datasets.stored_tables import list_tables, remove_table

            tables = list_tables(paths)
            for table in tables:
                remove_table(table, paths)
            say(f"Uploaded tables are deleted: {len(tables)}.")
