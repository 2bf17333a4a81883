"""What can go wrong outside our own code, in words a visitor can act on.

MnistCoreError
├── InvalidImageError    an array that is no picture: wrong dtype, wrong shape, empty
├── UnreadableFileError  a file from outside that can't be opened or is over a limit
├── ModelError           a model that is missing, broken, or may not be touched
├── DataError            training data that is missing or malformed
├── ClassroomError       a class's database that can't be used, or what a class can't do or hold
└── NotAllowedError      a visitor who may not do what was asked

The core raises these; pages and the command line catch them by name and show the message, which is
a whole sentence in the user's words.
"""


class MnistCoreError(Exception):
    """The base of every error this package raises on purpose.

    Attributes:
        reason: what went wrong in a few words that name no person and no person's file, for the log; ""
            where the sentence is all there is.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


class InvalidImageError(MnistCoreError):
    """An array can't be the picture that was asked for."""


class UnreadableFileError(MnistCoreError):
    """A file from outside can't be opened, or is over a limit."""


class ModelError(MnistCoreError):
    """A model is missing or broken, or what was asked may not be done to it."""


class DataError(MnistCoreError):
    """Training data is missing or malformed."""


class ClassroomError(MnistCoreError):
    """A class's database can't be used, or a class is full, closed or not there."""


class NotAllowedError(MnistCoreError):
    """A visitor may not do what was asked."""
