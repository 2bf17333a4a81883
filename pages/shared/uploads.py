"""Files from a browser: what it sends with them, and the sentence where one was refused."""

from mnist_core.errors import UnreadableFileError
from pages.shared.messages import show_error
from pages.shared.streamlit_internals import current_session_id, rerun_session

_SENT_AS = {"%22": '"', "%0D": "\r", "%0A": "\n"}


def own_name(sent: str) -> str:
    """Return a file's name as its owner has it.

    Args:
        sent: as the browser sent it: the HTML standard has quotes and line breaks written as %22, %0D, %0A.
    """
    for escaped, sign in _SENT_AS.items():
        sent = sent.replace(escaped, sign)
    return sent


_REFUSALS: dict[str, str] = {}
"""By session, the sentence with which the server refused its last upload, until the page has shown it."""


def note_refusal(session_id: str, sentence: str) -> None:
    """Have a page say why an upload was refused: Streamlit's own uploader shows a number."""
    _REFUSALS[session_id] = sentence
    if not rerun_session(session_id):
        del _REFUSALS[session_id]


def show_upload_refusal() -> None:
    """Show once why the server refused an upload; nothing where it did not."""
    if sentence := _REFUSALS.pop(current_session_id(), None):
        show_error(UnreadableFileError(sentence, "no room"), "upload")
