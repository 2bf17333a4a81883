"""Who may do what: one function a right, and no other place that decides it.

Whoever sits at the computer where the app runs may do everything; others may draw, upload pictures and look.
A visitor who has signed in as the teacher may do everything, too.
"""

from dataclasses import dataclass

from mnist_core.errors import NotAllowedError
from mnist_core.serving.visitors import Visitor

_WHERE = (
    "only at the computer where this app runs, opened there as localhost, or by the teacher who has signed in"
)


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether somebody may do something.

    Attributes:
        refusal: the sentence that says why not; "" where they may.
    """

    refusal: str = ""

    def __bool__(self) -> bool:
        return not self.refusal

    def require(self) -> None:
        """Go on where it is permitted.

        Raises:
            NotAllowedError: it is not.
        """
        if self.refusal:
            raise NotAllowedError(self.refusal, "not permitted")


def may_train(visitor: Visitor) -> Permission:
    """Return whether somebody may start a training run, resume one, or download data for it."""
    return _teacher_only(visitor, "Training is started")


def may_cancel(visitor: Visitor) -> Permission:
    """Return whether somebody may end a training run."""
    return _teacher_only(visitor, "A run is cancelled")


def may_activate(visitor: Visitor) -> Permission:
    """Return whether somebody may choose the network that reads for everyone."""
    return _teacher_only(visitor, "The network that reads for everyone is chosen")


def may_rename(visitor: Visitor) -> Permission:
    """Return whether somebody may give a network another name."""
    return _teacher_only(visitor, "Networks are renamed")


def may_remove(visitor: Visitor) -> Permission:
    """Return whether somebody may take a network off the shelf, or bring it back."""
    return _teacher_only(visitor, "Networks are removed and brought back")


def may_note(visitor: Visitor) -> Permission:
    """Return whether somebody may write a note about a network."""
    return _teacher_only(visitor, "Notes are written")


def may_upload_table(visitor: Visitor) -> Permission:
    """Return whether somebody may upload a table of cells to learn from, put one right, or delete one."""
    return _teacher_only(visitor, "Tables are uploaded")


def may_name_path(visitor: Visitor) -> Permission:
    """Return whether somebody may name a file on this computer for the app to open."""
    return _teacher_only(visitor, "Files of this computer are opened")


def may_import(visitor: Visitor) -> Permission:
    """Return whether somebody may put a network or digits from elsewhere into the app."""
    return _teacher_only(visitor, "Networks and digits are imported")


def may_hold_class(visitor: Visitor) -> Permission:
    """Return whether somebody may open and close a class, say what is asked, and hide, review and delete."""
    return _teacher_only(visitor, "A class is held")


def _teacher_only(visitor: Visitor, what: str) -> Permission:
    if visitor.is_at_this_computer or visitor.is_signed_in:
        return Permission()
    return Permission(f"{what} {_WHERE}.")
