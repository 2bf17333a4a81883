"""Which model is active, and which were before it; changed by one process at a time.

Names of models that are gone are passed over, and the shipped model is the last: so one is always active.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mnist_core.config import SHIPPED_MODEL, AppPaths
from mnist_core.errors import ModelError
from mnist_core.storage.atomic import sweep_partials, write_whole
from mnist_core.storage.locks import locked

_MOST_NAMES = 20
"""Of models that can be gone back to."""


@contextmanager
def changing_shelf(paths: AppPaths, failure: str) -> Iterator[None]:
    """Let no other process change the shelf while the block does.

    Args:
        paths: where the shelf is.
        failure: what did not happen if the block can't do its work: "ant was not renamed".
    Raises:
        ModelError: another process changes it all the time, or the disk can't be written to.
    """
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
        with locked(paths.home / "shelf.lock"):
            sweep_partials(paths.home, paths.active_pointer.name)
            yield
    except TimeoutError as error:
        raise ModelError(f"{failure}: someone else is changing the shelf just now.") from error
    except OSError as error:
        raise ModelError(f"{failure}: {paths.home} can't be written to ({error.strerror}).") from error


def active_names(paths: AppPaths) -> list[str]:
    """Return the active model's name, then those of the ones before it that are still there, each once."""
    names = dict.fromkeys((*paths.activated_names(), SHIPPED_MODEL))
    return [name for name in names if paths.model(name).folder.is_dir() or name == SHIPPED_MODEL]


def previous_model(paths: AppPaths) -> str | None:
    """Return the name of the model that was active before, if it is still there."""
    names = active_names(paths)
    return names[1] if len(names) > 1 else None


def write_active_names(names: Sequence[str], paths: AppPaths) -> None:
    """Write which model is active and which were before it, in one step.

    Args:
        names: the active model's first; a name may stand there twice.
        paths: where the shelf is.
    Raises:
        OSError: the disk can't be written to.
    """
    once = list(dict.fromkeys(names))[:_MOST_NAMES]
    write_whole(paths.active_pointer, "".join(f"{name}\n" for name in once))
