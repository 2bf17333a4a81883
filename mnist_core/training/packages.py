"""The packages that training needs beside what reading needs: are they installed?"""

from importlib.util import find_spec

from mnist_core.errors import ModelError

_PACKAGES = ("tensorflow", "keras", "onnx", "tf2onnx")


def can_train() -> bool:
    """Return whether training is possible here; without it all else works."""
    try:
        return find_spec(_PACKAGES[0]) is not None
    except ValueError:  # what a test put in its place
        return False


def missing_package(error: ModuleNotFoundError) -> ModelError:
    """Return the error to raise where one of the packages can't be imported.

    Raises:
        ModuleNotFoundError: what is missing is none of them, so it is a bug.
    """
    name = error.name or ""
    if name.partition(".")[0] not in _PACKAGES:
        raise error
    return ModelError(
        f"Training needs {name}, which is not installed (yet): `make install-train` installs it."
    )
