"""`models`: the shelf of trained models, from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from mnist_core.commands.console import FormatOption, TableFormat, print_json, results_console, say
from mnist_core.config import MAX_MODEL_BYTES, AppPaths
from mnist_core.errors import ModelError

if TYPE_CHECKING:
    from mnist_core.storage.shelf import ShelfEntry

models = typer.Typer(no_args_is_help=True, help="List, show and choose the trained models.")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The model's name, as `models list` shows it.")]


@models.command("list")
def list_all(context: typer.Context, table_format: FormatOption = TableFormat.TABLE) -> None:
    """List all models; a star marks the one in use."""
    from mnist_core.storage.shelf import list_models

    entries = list_models(context.obj)
    if table_format is TableFormat.JSON:
        for entry in entries:
            print_json(_summary(entry))
        return
    table = Table("", "Model", "Recipe", "Made", "Scores", "Remarks")
    for entry in entries:
        card = entry.card
        cells = (
            "*" if entry.active else "",
            entry.name,
            card.recipe if card else "",
            card.created[:10] if card else "",
            "\n".join(_score_lines(entry)),
            "\n".join(filter(None, (entry.problem, entry.note))),
        )
        table.add_row(*map(Text, cells))
    results_console().print(table)


@models.command()
def show(context: typer.Context, name: _Name, table_format: FormatOption = TableFormat.TABLE) -> None:
    """Show a model's card: where it comes from and what it scored."""
    from mnist_core.storage.shelf import show_model

    entry = show_model(name, context.obj)
    if table_format is TableFormat.JSON:
        print_json(_summary(entry) | {"files": str(entry.files.folder)})
    else:
        table = Table(show_header=False, box=None)
        for row in _card_rows(entry):
            table.add_row(*map(Text, row))
        results_console().print(table)
    if entry.problem:
        say(entry.problem)
        raise typer.Exit(1)


@models.command()
def activate(context: typer.Context, name: _Name) -> None:
    """Use a model from now on, once it is proven to be what its card says."""
    from mnist_core.evaluation import activation

    activation.activate(name, context.obj)
    say(f"{name} is in use from now on.")


@models.command()
def back(context: typer.Context) -> None:
    """Go back to the model that was in use before."""
    from mnist_core.evaluation.activation import activate_previous

    say(f"{activate_previous(context.obj)} is in use from now on.")


@models.command()
def export(
    context: typer.Context,
    name: _Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .keras, .onnx, .tflite or .zip.")],
) -> None:
    """Write a model to a file, after loading and comparing it."""
    from mnist_core.evaluation.model_export import EXPORTS, export_model

    if file.suffix.lower().removeprefix(".") not in EXPORTS:
        raise typer.BadParameter(f"{file} should end in .{', .'.join(EXPORTS)}.", param_hint="FILE")
    export_model(name, file, context.obj)
    say(f"{name} is in {file}.")


@models.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .keras, an .onnx, or a .zip exported here.")
    ],
    name: Annotated[str, typer.Option(help="What it is called on the shelf; default: after its file.")] = "",
) -> None:
    """Put a network from elsewhere on the shelf, after checking and trying it in a process of its own."""
    from mnist_core.evaluation.model_import import import_model, name_from_file

    try:
        if file.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(
                f"{file} has more than {MAX_MODEL_BYTES // 1_000_000} MB: too large for a network."
            )
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file} can't be read: {(error.strerror or str(error)).lower()}.") from error
    kind = file.suffix.lower().removeprefix(".")
    say(f"Checking {file} ...")
    made = import_model(content, kind, name or name_from_file(file.name), context.obj)
    say(f"{made} is on the shelf. `models show {made}` shows its score, `models activate {made}` uses it.")


@models.command()
def rename(
    context: typer.Context, name: _Name, new_name: Annotated[str, typer.Argument(metavar="NEW_NAME")]
) -> None:
    """Rename a trained model."""
    from mnist_core.storage.shelf import rename_model

    rename_model(name, new_name, context.obj)
    say(f"{name} is called {new_name} now.")


@models.command()
def note(
    context: typer.Context,
    name: _Name,
    text: Annotated[str, typer.Argument(help="An empty one removes the note.")],
) -> None:
    """Write a note on a trained model."""
    from mnist_core.storage.shelf import write_note

    write_note(name, text, context.obj)


@models.command()
def remove(context: typer.Context, name: _Name) -> None:
    """Remove a model from the shelf; `models restore` brings it back."""
    from mnist_core.storage.removal import remove_model

    remove_model(name, context.obj)
    say(f"{name} is removed. `models restore {name}` brings it back.")


@models.command()
def restore(context: typer.Context, name: _Name) -> None:
    """Bring a removed model back: of several of that name the one that was removed last."""
    from mnist_core.storage.removal import removed_models, restore_model

    paths: AppPaths = context.obj
    for entry in removed_models(paths):
        if entry.name == name:
            say(f"{restore_model(entry.token, paths)} is on the shelf again.")
            return
    raise ModelError(f"No model {name!r} was removed that can still be brought back.")


@models.command()
def compare(
    context: typer.Context, first: _Name, second: _Name, table_format: FormatOption = TableFormat.TABLE
) -> None:
    """Compare two models on the same cells: which cells one reads and the other doesn't."""
    from mnist_core.evaluation.comparison import compare_models

    comparison = compare_models(first, second, context.obj)
    counts = {
        "cells": comparison.first.report.total,
        "only_first": len(comparison.only_first),
        "only_second": len(comparison.only_second),
        "neither": len(comparison.neither),
    }
    if table_format is TableFormat.JSON:
        print_json({"first": first, "second": second, **counts, "p_value": comparison.p_value})
        return
    console = results_console()
    for evaluation in (comparison.first, comparison.second):
        report = evaluation.report
        console.print(f"{evaluation.name}: {report.accuracy:.2%} ({report.right} of {report.total})")
    console.print(comparison.summary)


def _summary(entry: "ShelfEntry") -> dict[str, object]:
    card = entry.card
    return {
        "name": entry.name,
        "active": entry.active,
        "problem": entry.problem,
        "note": entry.note,
        "recipe": card.recipe if card else None,
        "created": card.created if card else None,
        "parameters": card.parameters if card else None,
        "scores": [
            {"measure": score.measure, "right": score.right, "total": score.total}
            for score in (card.scores if card else ())
        ],
    }


def _score_lines(entry: "ShelfEntry") -> list[str]:
    scores = entry.card.scores if entry.card else ()
    return [
        f"{score.right / score.total:.2%} {score.measure} ({score.right} of {score.total})"
        for score in scores
        if score.total
    ]


def _card_rows(entry: "ShelfEntry") -> list[tuple[str, str]]:
    rows = [("Model", entry.name), ("In use", "yes" if entry.active else "no")]
    if entry.card:
        card = entry.card
        rows += [
            ("Recipe", card.recipe),
            ("Made", card.created),
            ("Seed", str(card.seed)),
            ("Settings", "\n".join(f"{key} {value}" for key, value in card.settings.items())),
            (
                "Data",
                "\n".join(f"{part.name} ({part.cells} cells, sha256 {part.sha256})" for part in card.data),
            ),
            ("Versions", "\n".join(f"{key} {value}" for key, value in card.versions.items())),
            ("Parameters", f"{card.parameters:,}"),
            ("Multiply-adds", f"{card.multiply_adds:,}"),
            ("Scores", "\n".join(_score_lines(entry))),
            ("Training took", f"{card.training_seconds:.0f} s"),
        ]
    if entry.note:
        rows.append(("Note", entry.note))
    return [*rows, ("Files", str(entry.files.folder))]
