"""The import rules: who may know whom. Read from the sources, and from what a fresh process loads."""

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

TENSORFLOW = ("tensorflow", "keras", "tf2onnx", "onnx")
MAY_IMPORT_TENSORFLOW = ("mnist_core/training/", "mnist_core/evaluation/keras_check.py")
BELOW_PAGES = ("cv2", "PIL", "pillow_heif", "pyvips", "onnxruntime", "sqlite3", "sqlalchemy", *TENSORFLOW)

BASE = ("config", "errors", "json_files", "logs", "results")
# Each room of the core, and which others it may know: only rooms that stand above it here.
CORE = {
    "errors": (),
    "visible_text": (),
    "spreadsheet": ("visible_text",),
    "workbook": ("visible_text",),
    "config": ("errors",),
    "json_files": (),
    "logs": ("config", "errors"),
    "results": ("config", "errors"),
    "reading": BASE,
    "storage": BASE,
    "serving": (*BASE, "reading", "storage"),
    "datasets": (*BASE, "reading"),
    "evaluation": (*BASE, "reading", "storage", "datasets"),
    "explanations": (*BASE, "reading", "storage", "datasets"),
    "training": (*BASE, "reading", "storage", "datasets", "evaluation", "explanations"),
    "runs": (*BASE, "reading", "storage", "training"),
    "classroom": (*BASE, "reading", "storage", "datasets", "training", "runs"),
    "commands": (
        *BASE,
        "visible_text",
        "spreadsheet",
        "reading",
        "storage",
        "datasets",
        "evaluation",
        "explanations",
        "training",
        "runs",
    ),
}
# Likewise the rooms of the pages. The models page compares networks on what was drawn last; the walk inside
# has the same paper.
PAGES = {
    "shared": (),
    "evaluation": ("shared",),
    "draw": ("shared",),
    "inside": ("shared", "draw"),
    "upload": ("shared",),
    "class_": ("shared", "draw"),
    "privacy": ("shared",),
    "train": ("shared", "evaluation"),
    "models": ("shared", "evaluation", "draw"),
}

# Who (a path) must not import what. A name stands for itself and all below it.
FORBIDDEN = [
    pytest.param("mnist_core", ("streamlit", "pages", "app"), id="the core knows no page"),
    pytest.param("pages", ("app", *BELOW_PAGES), id="pages ask the core"),
    pytest.param("app.py", ("mnist_core", *BELOW_PAGES), id="the server's start asks the pages"),
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


@pytest.mark.parametrize(
    ("package", "rooms"), [("mnist_core", CORE), ("pages", PAGES)], ids=["core", "pages"]
)
def test_a_room_knows_only_what_its_rule_names(package: str, rooms: dict[str, tuple[str, ...]]):
    broken = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in sources(package)
        if (room := room_of(path)) in rooms
        for name in imported_names(path)
        if (other := room_named(name, package)) in rooms and other not in (room, *rooms[room])
    ]
    assert not broken


@pytest.mark.parametrize(
    ("package", "rooms"), [("mnist_core", CORE), ("pages", PAGES)], ids=["core", "pages"]
)
def test_every_room_has_its_rule_and_no_arrow_points_back(package: str, rooms: dict[str, tuple[str, ...]]):
    assert {room_of(path) for path in sources(package)} - {"__init__", "__main__"} == set(rooms)
    order = list(rooms)
    assert all(order.index(known) < order.index(room) for room, others in rooms.items() for known in others)


def test_no_modules_import_each_other_in_a_circle():
    modules = {module_name(path): path for folder in ("mnist_core", "pages") for path in sources(folder)}
    graph = {
        module: {name for name in imported_names(path, top_level=True) if name in modules and name != module}
        for module, path in modules.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_only_training_and_the_check_of_keras_files_import_tensorflow():
    importers = {
        str(path.relative_to(PROJECT))
        for folder in ("app.py", "mnist_core", "pages")
        for path in sources(folder)
        if any(name.partition(".")[0] in TENSORFLOW for name in imported_names(path))
    }
    assert importers
    assert not [path for path in importers if not path.startswith(MAY_IMPORT_TENSORFLOW)]


def test_only_serving_knows_the_web_server():
    importers = {
        room_of(path)
        for path in sources("mnist_core")
        if any(name.partition(".")[0] in ("starlette", "uvicorn") for name in imported_names(path))
    }
    assert importers == {"serving"}


def test_no_two_modules_of_the_core_have_one_name():
    counts = Counter(path.stem for path in sources("mnist_core") if path.stem != "__init__")
    assert not [name for name, count in counts.items() if count > 1]


def test_no_two_names_of_the_core_differ_by_a_letter():
    names = {path.stem for path in sources("mnist_core")} | set(CORE)
    assert not [pair for pair in combinations(sorted(names), 2) if differ_by_a_letter(*pair)]


def test_no_module_lies_directly_in_pages():
    """A room a page; and nothing there that Streamlit could take for a page of its own."""
    assert not list((PROJECT / "pages").glob("*.py"))


def test_pages_show_errors_in_one_way_that_logs_them():
    shown_otherwise = [
        str(path.relative_to(PROJECT))
        for path in sources("pages")
        if any(word in path.read_text(encoding="utf-8") for word in (".error(", "str(error)"))
    ]
    assert shown_otherwise == ["pages/shared/messages.py"]


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


def test_only_entry_points_ask_where_files_lie():
    readers = {
        str(path.relative_to(PROJECT))
        for folder in ("app.py", "mnist_core", "pages")
        for path in sources(folder)
        if "AppPaths.from_environment(" in path.read_text(encoding="utf-8")
    }
    assert readers == {
        "mnist_core/__main__.py",
        "mnist_core/runs/worker.py",
        "mnist_core/explanations/map_building.py",  # a process of its own, too
        "mnist_core/reading/recognizer.py",  # Recognizer.load, for users' scripts
        "pages/shared/resources.py",
    }


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import mnist_core", id="the package"),
        pytest.param("from mnist_core import Recognizer", id="reading"),
        pytest.param("import mnist_core.reading.reports", id="files"),
        pytest.param("import mnist_core.storage.shelf", id="the shelf"),
        pytest.param("import mnist_core.datasets.loading", id="datasets"),
        pytest.param("import mnist_core.evaluation.evaluation", id="evaluation"),
        pytest.param("import mnist_core.evaluation.model_export", id="export"),
        pytest.param("import mnist_core.explanations.probe", id="probe"),
        pytest.param("import mnist_core.runs.jobs", id="runs"),
        pytest.param("import mnist_core.__main__", id="the command line"),
    ],
)
def test_loads_no_tensorflow_and_no_streamlit(statement: str):
    loaded = loaded_modules(statement)
    assert not loaded & {"tensorflow", "keras", "streamlit"}


def test_the_core_is_imported_where_the_system_is_not_unix():
    missing = "import sys; sys.modules.update(dict.fromkeys(('fcntl', 'resource', 'pwd', 'grp')))"
    assert loaded_modules(
        f"{missing}; import mnist_core.__main__, mnist_core.runs.jobs, mnist_core.runs.worker"
    )


def test_help_loads_nothing_heavy():
    assert not loaded_modules("import mnist_core.__main__") & {"cv2", "onnxruntime", "PIL", "pandas", "scipy"}


def test_libvips_waits_for_a_large_picture():
    assert "pyvips" not in loaded_modules("import mnist_core.reading.reports")


def test_recipes_are_pure_data():
    assert not loaded_modules("import mnist_core.training.recipes") & {"numpy", "cv2", "tensorflow", "keras"}


def test_no_module_is_called_utils():
    names = {path.stem for folder in ("mnist_core", "pages", "tests") for path in sources(folder)}
    assert not names & {"utils", "helpers", "common", "misc"}


def sources(who: str) -> list[Path]:
    """Every Python file that `who` names: a file, or a folder with all below it."""
    path = PROJECT / who
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def room_of(path: Path) -> str:
    """The room a source file stands in: the folder below the package, or the file itself."""
    return path.relative_to(PROJECT).with_suffix("").parts[1]


def room_named(name: str, package: str) -> str:
    """The room that an imported name belongs to; "" where it is of another package."""
    first, *rest = name.split(".")
    return rest[0] if first == package and rest else ""


def differ_by_a_letter(one: str, other: str) -> bool:
    """Whether a letter more, less or another one makes one name of the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(shorter))
    return longer[start + 1 :] == shorter[start + (len(longer) == len(shorter)) :]


def imported_names(path: Path, top_level: bool = False) -> Iterator[str]:
    """Every module a source file imports, anywhere or at its top level, with the names taken from it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level else ast.walk(tree):
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
