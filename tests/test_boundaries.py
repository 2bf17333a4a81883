"""The import rules: who may know whom. Read from the sources, and from what a fresh process loads."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

TENSORFLOW = ("tensorflow", "keras", "tf2onnx", "onnx")
BELOW_PAGES = ("cv2", "PIL", "pillow_heif", "onnxruntime", "sqlite3", *TENSORFLOW)

# Who (a path) must not import what. A name stands for itself and all below it.
FORBIDDEN = [
    pytest.param("mnist_core", ("streamlit", "pages", "app"), id="the core knows no page"),
    pytest.param("pages", ("app", *BELOW_PAGES), id="pages ask the core"),
    pytest.param("app.py", BELOW_PAGES, id="the router asks the pages"),
    pytest.param(
        "pages/components", tuple(f"pages.{p.stem}" for p in PROJECT.glob("pages/*.py")), id="components"
    ),
    pytest.param("mnist_core/reading", ("mnist_core.keeping", "mnist_core.learning"), id="reading"),
    pytest.param("mnist_core/keeping", ("mnist_core.reading", "mnist_core.learning"), id="keeping"),
    pytest.param("mnist_core/learning", ("mnist_core.commands", "mnist_core.__main__"), id="learning"),
    *(
        pytest.param(f"mnist_core/{name}", TENSORFLOW, id=f"only learning knows tensorflow, not {name}")
        for name in ("reading", "keeping", "commands", "__main__.py")
    ),
    *(
        pytest.param(
            f"mnist_core/{name}.py",
            tuple(f"mnist_core.{room}" for room in ("reading", "keeping", "learning", "commands")),
            id=f"{name} knows no room",
        )
        for name in ("config", "errors", "results", "spreadsheet")
    ),
]


@pytest.mark.parametrize(("who", "forbidden"), FORBIDDEN)
def test_imports_stay_within_their_rules(who: str, forbidden: tuple[str, ...]):
    broken = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in sources(who)
        for name in imported_names(path)
        if any(name == other or name.startswith(f"{other}.") for other in forbidden)
    ]
    assert not broken


def test_only_config_and_the_entry_points_touch_the_environment():
    # Setting a library's switch before it is imported is no reading.
    readers = [
        str(path.relative_to(PROJECT))
        for path in sources("mnist_core")
        if any(
            word in path.read_text(encoding="utf-8") for word in ("os.environ.get", "os.environ[", "getenv")
        )
    ]
    assert readers == ["mnist_core/config.py"]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import mnist_core", id="the package"),
        pytest.param("from mnist_core import Recognizer", id="reading"),
        pytest.param("import mnist_core.reading.reports", id="files"),
        pytest.param("import mnist_core.keeping.shelf", id="the shelf"),
        pytest.param("import mnist_core.learning.evaluation", id="evaluation"),
        pytest.param("import mnist_core.__main__", id="the command line"),
    ],
)
def test_loads_no_tensorflow_and_no_streamlit(statement: str):
    loaded = loaded_modules(statement)
    assert not loaded & {"tensorflow", "keras", "streamlit"}


def test_help_loads_nothing_heavy():
    assert not loaded_modules("import mnist_core.__main__") & {"cv2", "onnxruntime", "PIL", "pandas", "scipy"}


def test_no_module_is_called_utils():
    names = {path.stem for folder in ("mnist_core", "pages", "tests") for path in sources(folder)}
    assert not names & {"utils", "helpers", "common", "misc"}


def sources(who: str) -> list[Path]:
    """Every Python file that `who` names: a file, or a folder with all below it."""
    path = PROJECT / who
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def imported_names(path: Path) -> Iterator[str]:
    """Every module a source file imports, anywhere in it, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def loaded_modules(statement: str) -> set[str]:
    """The top-level modules that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(finished.stdout.split())


def test_reading_reports_to_no_one(tmp_path: Path):
    """ONNX Runtime's telemetry begins with an identifier and a database in the user's cache."""
    code = (
        "import numpy; from mnist_core import Recognizer\n"
        "Recognizer.load('shipped').probabilities(numpy.zeros((1, 28, 28), numpy.float32))"
    )
    # It keeps quiet by itself where it believes itself tested.
    quiet = {"ORT_DISABLE_TELEMETRY", "CI", "GITHUB_ACTIONS", "TF_BUILD", "PYTEST_CURRENT_TEST"}
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)
    assert not [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name]
