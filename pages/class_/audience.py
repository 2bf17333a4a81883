"""Which visits belong to a class, so that what the teacher changes is on every phone at once.

No pupil's page asks again and again: the server runs it anew when there is something to see.
"""

from collections import defaultdict

from pages.shared.streamlit_internals import current_session_id, rerun_session

_SESSIONS: dict[int, set[str]] = defaultdict(set)
"""By class, the sessions of its members."""


def note_visit(class_id: int) -> None:
    """Note that this visit is a member's of a class."""
    _SESSIONS[class_id].add(current_session_id())


def show_change(class_id: int) -> None:
    """Run the pages of a class's members anew; visits that are over are forgotten."""
    for session_id in list(_SESSIONS.get(class_id, ())):
        if not rerun_session(session_id):
            _SESSIONS[class_id].discard(session_id)
