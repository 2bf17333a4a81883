"""`evaluate`: how many cells of a data set a model reads right."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from mnist_core.commands.console import FormatOption, TableFormat, print_json, results_console, say
from mnist_core.commands.findings import say_findings
from mnist_core.config import AppPaths

if TYPE_CHECKING:
    from mnist_core.evaluation.metrics import EvaluationReport
    from mnist_core.evaluation.seen_cells import SeenReport


def evaluate(
    context: typer.Context,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Default: the one that reads.")] = None,
    data: Annotated[str, typer.Option(metavar="mnist|FILE.csv|FILE.npz", help="What to read.")] = "mnist",
    table_format: FormatOption = TableFormat.TABLE,
) -> None:
    """Measure a model on labelled cells; of MNIST and of .npz files on the test half."""
    from mnist_core import Recognizer
    from mnist_core.datasets.inspection import FindingKind
    from mnist_core.datasets.loading import load_dataset
    from mnist_core.evaluation.evaluation import evaluate_model
    from mnist_core.evaluation.seen_cells import report_seen

    paths: AppPaths = context.obj
    files = paths.active_model() if model is None else paths.model(model)
    recognizer = Recognizer.open(files)  # before the data is looked for, which may take a download
    dataset = load_dataset(data, paths)
    cells = dataset.to_evaluate
    if data != "mnist":  # how well the model reads them is what the report is about
        say_findings(cells, recognizer, passed_over=FindingKind.READING)
    report = evaluate_model(files, cells)
    parts = report_seen(files, cells.cells, report, paths)
    if parts is None:
        say(f"Which cells {files.name} learned from is not known: of those it would read too many right.")
    if table_format is TableFormat.JSON:
        print_json({"model": files.name, "data": dataset.name} | _as_json(report) | _parts_as_json(parts))
    else:
        _print_tables(report, f"{files.name} on {dataset.name}", parts.words if parts else "")


def _parts_as_json(parts: "SeenReport | None") -> dict[str, object]:
    if parts is None:
        return {"seen_in_training": None, "unseen": None}
    seen, unseen = (
        {"right": part.right, "total": part.total, "accuracy": part.accuracy, "interval": list(part.interval)}
        for part in (parts.seen, parts.unseen)
    )
    return {"seen_in_training": seen, "unseen": unseen}


def _as_json(report: "EvaluationReport") -> dict[str, object]:
    return {
        "right": report.right,
        "total": report.total,
        "accuracy": report.accuracy,
        "interval": list(report.interval),
        "confusion_matrix": report.confusion_matrix.tolist(),
        "digits": [
            {
                "digit": score.digit,
                "precision": score.precision,
                "recall": score.recall,
                "f1": score.f1,
                "count": score.count,
            }
            for score in report.per_digit
        ],
    }


def _print_tables(report: "EvaluationReport", title: str, remark: str) -> None:
    console = results_console()
    low, high = report.interval
    console.print(
        f"{title}: {report.accuracy:.2%}, {report.right} of {report.total} right "
        f"(95 % interval {low:.2%} to {high:.2%})"
    )
    if remark:
        console.print(remark)
    digits = Table("Digit", "Precision", "Recall", "F1", "Count", title="By digit", title_justify="left")
    for score in report.per_digit:
        rates = (f"{rate:.2%}" for rate in (score.precision, score.recall, score.f1))
        digits.add_row(str(score.digit), *rates, str(score.count))
    console.print(digits)
    columns = [str(digit) for digit in range(len(report.confusion_matrix))]
    matrix = Table("", *columns, title="Rows: what it is; columns: what was read", title_justify="left")
    for digit, row in enumerate(report.confusion_matrix.tolist()):
        matrix.add_row(str(digit), *(str(count) if count else "·" for count in row))
    console.print(matrix)
