"""Facts of the format, limits, paths on disk: the one module that reads the environment."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from mnist_core.errors import ModelError

VERSION = "0.2.0.dev0"
"""Of the app; CHANGELOG.md says what each brought."""

CELL_SIZE = 28
"""Pixels on a side of the picture that the network reads, as in MNIST."""
BOX_SIZE = 20
"""Pixels of a digit's longer side within its cell, as in MNIST."""
DIGIT_CLASSES = 10

MAX_FILE_BYTES = 10 * 1024 * 1024
"""A picture file from outside may be this large, checked before anything is decoded."""
MAX_TABLE_BYTES = 100 * 1024 * 1024
"""A table from outside may be this large, as server.maxUploadSize says; the course's train.csv has 77 MB."""
MAX_MODEL_BYTES = 60_000_000
"""A network's file from outside may be this large; that of the largest recipe has 7 MB."""
MAX_STORED_TABLES_BYTES = 500 * 1024 * 1024
"""All uploaded tables together may be this large: more is refused until one of them is removed."""
MAX_SHELF_BYTES = 2_000_000_000
"""All trained networks, the removed ones among them, may take this much: some hundreds of them."""
MAX_PICTURE_PIXELS = 100_000_000
"""A picture from outside may have this many pixels, checked in its header before it is decoded."""
MAX_DECODING_BYTES = 185_000_000
"""Decoding may take so much memory: with the rest of a process that reads, less than 300 MB."""

_AROUND_THIS = Path(__file__).resolve().parent.parent
_IN_WHEEL = _AROUND_THIS / "digit_playground"
PROJECT_FOLDER = _IN_WHEEL if _IN_WHEEL.is_dir() else _AROUND_THIS
"""Of app.py, pages, shipped model and pictures: beside this package, or where a wheel has put them."""
SHIPPED_MODEL = "shipped"
"""The name of the model that comes with the project; it can't be removed or replaced."""

SHIPPED_FOLDER = PROJECT_FOLDER / "models" / SHIPPED_MODEL

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MODEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files that are one model, in a folder of their own named after it."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def keras(self) -> Path:
        """The weights, for training on and for evaluation with Keras."""
        return self.folder / "model.keras"

    @property
    def onnx(self) -> Path:
        """The same network for ONNX Runtime: what reads."""
        return self.folder / "model.onnx"

    @property
    def probe(self) -> Path:
        """The same network with all activations: what the page /inside shows.

        Absent beside models of older versions and from elsewhere, until someone has it made.
        """
        return self.folder / "probe.onnx"

    @property
    def gradient(self) -> Path:
        """How the network's logits change with each pixel; beside the probe."""
        return self.folder / "gradient.onnx"

    @property
    def epochs(self) -> Path:
        """The network after some of the epochs of its run; the shipped model has none."""
        return self.folder / "epochs.onnx"

    @property
    def card(self) -> Path:
        """Where the model comes from and what it scored; JSON, written by training."""
        return self.folder / "card.json"

    @property
    def evaluation(self) -> Path:
        """The test cells and what the model made of each; the shipped model has none."""
        return self.folder / "evaluation.npz"

    @property
    def training_hashes(self) -> Path:
        """Hashes of the cells that it learned from; the shipped model has none."""
        return self.folder / "training-cells.hashes"

    @property
    def note(self) -> Path:
        """What a person wrote about the model; absent until someone does."""
        return self.folder / "note.txt"


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged, and how.

    Attributes:
        level: DEBUG, INFO, WARNING or ERROR.
        as_json: a JSON object a line, for programs; else a line for people.
        problem: what is wrong with DIGITS_LOG; "" where nothing is.
    """

    level: str
    as_json: bool = False
    problem: str = ""

    @classmethod
    def from_environment(cls, default: str) -> "LogSettings":
        """Read DIGITS_LOG, for example "debug" or "info,json".

        Args:
            default: the level where none is named.
        """
        level, as_json, unknown = default, False, []
        for word in filter(None, re.split(r"[,\s]+", os.environ.get("DIGITS_LOG", "").lower())):
            if word == "json":
                as_json = True
            elif word.upper() in _LOG_LEVELS:
                level = word.upper()
            else:
                unknown.append(word)
        problem = f"DIGITS_LOG: {', '.join(unknown)}" if unknown else ""
        return cls(level, as_json, problem)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Who is answered.

    Attributes:
        hosts: names beside the loopback's under which browsers may reach this server.
        api_token: what programs elsewhere must know; "" refuses them all.
        teacher_passphrase: with which the teacher signs in from elsewhere; "" has the server make one.
    """

    hosts: tuple[str, ...] = ()
    api_token: str = field(default="", repr=False)
    teacher_passphrase: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> "ServerSettings":
        """Read DIGITS_HOSTS, names between commas or spaces, DIGITS_API_TOKEN and DIGITS_TEACHER_PASSPHRASE.

        Each of them may be absent.
        """
        hosts = re.split(r"[,\s]+", os.environ.get("DIGITS_HOSTS", ""))
        return cls(
            tuple(filter(None, hosts)),
            os.environ.get("DIGITS_API_TOKEN", "").strip(),
            os.environ.get("DIGITS_TEACHER_PASSPHRASE", "").strip(),
        )


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The folders that the app reads and writes on this machine."""

    home: Path
    """Of what outlasts a visit: trained models, drawings, settings."""
    mnist: Path | None
    """A folder with MNIST's files, or None: Keras' own cache and download."""

    @classmethod
    def from_environment(cls) -> "AppPaths":
        """Read DIGITS_HOME and MNIST_DATA; both may be absent."""
        home = os.environ.get("DIGITS_HOME")
        mnist = os.environ.get("MNIST_DATA")
        return cls(
            home=Path(home).expanduser()
            if home
            else platformdirs.user_data_path("digit-playground", appauthor=False),
            mnist=Path(mnist).expanduser() if mnist else None,
        )

    @property
    def models(self) -> Path:
        """The folder of trained models, one folder each."""
        return self.home / "models"

    @property
    def active_pointer(self) -> Path:
        """A text file: the name of the model that reads, and below it those that read before.

        Absent while that is the shipped one.
        """
        return self.home / "active-model"

    def class_database(self) -> str:
        """Return the address of the database of classes: DATABASE_URL, or else a SQLite file."""
        return os.environ.get("DATABASE_URL", "").strip() or f"sqlite:///{self._class_file}"

    def may_have_classes(self) -> bool:
        """Return whether there is a database of classes; it is not opened to find that out."""
        return bool(os.environ.get("DATABASE_URL", "").strip()) or self._class_file.exists()

    @property
    def _class_file(self) -> Path:
        return self.home / "classes.sqlite3"

    @property
    def tables(self) -> Path:
        """The folder of tables that were uploaded."""
        return self.home / "tables"

    @property
    def neighbours(self) -> Path:
        """The folder of maps of training digits, one file a network."""
        return self.home / "neighbours"

    @property
    def runs(self) -> Path:
        """The folder of training runs, one folder each."""
        return self.home / "runs"

    def model(self, name: str) -> ModelFiles:
        """Return the files of a model of this name, whether they exist or not.

        Raises:
            ModelError: the name can't be a model's name.
        """
        if name == SHIPPED_MODEL:
            return ModelFiles(SHIPPED_FOLDER)
        if not _MODEL_NAME.fullmatch(name):
            raise ModelError(
                f"{name!r} can't be a model's name: use up to 64 small letters, digits, - and _, "
                "beginning with a letter or digit.",
                "not a model's name",
            )
        return ModelFiles(self.models / name)

    def active_model(self) -> ModelFiles:
        """Return the active model: the last activated one that is still there, or the shipped one."""
        for name in self.activated_names():
            files = self.model(name)
            if files.folder.is_dir():
                return files
        return self.model(SHIPPED_MODEL)

    def activated_names(self) -> tuple[str, ...]:
        """Return the names that were activated, the last one first, whether they still exist or not.

        A pointer that is missing or damaged names none, so that the shipped model reads: it is sound.
        """
        try:
            names = self.active_pointer.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            return ()
        return tuple(name for name in names if _MODEL_NAME.fullmatch(name))


def environment_elsewhere() -> dict[str, str]:
    """Return the environment for a process that starts in another folder: folders of ours are named whole."""
    names = ("DIGITS_HOME", "MNIST_DATA")
    whole = {
        name: str(Path(os.environ[name]).expanduser().absolute()) for name in names if os.environ.get(name)
    }
    return os.environ | whole
