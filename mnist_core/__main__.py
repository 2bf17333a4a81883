"""The command line: `python -m mnist_core read | train | runs | evaluate | models | space`.

Results go to standard output, all else to standard error. Exit status: 0 all done; 1 something could
not be read or done; 2 wrong usage.
"""

import sys
from pathlib import Path

import typer

from mnist_core.commands.console import say
from mnist_core.commands.evaluate import evaluate
from mnist_core.commands.models import models
from mnist_core.commands.read import read
from mnist_core.commands.runs import runs
from mnist_core.commands.space import space
from mnist_core.commands.train import train
from mnist_core.config import AppPaths, LogSettings
from mnist_core.errors import MnistCoreError
from mnist_core.logs import configure_logging

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a bug shows its traceback as it is
    help="Reads handwritten digits, and trains the networks that do.",
)


@app.callback()
def read_environment(context: typer.Context) -> None:
    """Read where files lie and what is logged, once; every command has the paths from its context."""
    configure_logging(LogSettings.from_environment("WARNING"))  # else remarks would stand between results
    context.obj = AppPaths.from_environment()


app.command()(read)
app.command()(train)
app.command()(runs)
app.command()(evaluate)
app.add_typer(models, name="models")
app.add_typer(space, name="space")


def _name_of_program() -> str:
    """Return what a person has typed to get here: `digits` where a wheel is installed."""
    typed = Path(sys.argv[0]).stem
    return typed if typed == "digits" else "python -m mnist_core"


def main() -> None:
    """Run the command named by the process' arguments."""
    for stream in (sys.stdout, sys.stderr):
        # A file's name may hold what the terminal's encoding doesn't: shown escaped, it stops nobody.
        getattr(stream, "reconfigure", lambda errors: None)(errors="backslashreplace")
    try:
        app(prog_name=_name_of_program())
    except MnistCoreError as error:
        say(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
