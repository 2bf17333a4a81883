"""Privacy: what is stored of a visit, where, and for how long."""

import streamlit as st

from mnist_core.classroom.classes import DAYS_KEPT

_ROWS = (
    (
        "What you draw on Draw and Inside",
        "In the server's memory, and in your browser until you close the tab",
        "Until you leave; nothing is written to a disk",
    ),
    (
        "Pictures on Upload",
        "In the server's memory",
        "Freed within three minutes after you leave",
    ),
    (
        "What you send into a class",
        "In a database on the server: your strokes, what was asked and read, and what others voted",
        f"Until the teacher deletes it; after {DAYS_KEPT} days, or a year if the teacher says so",
    ),
    (
        "Who you are in a class",
        "In the same database: a name made up for you, and when you joined; no name of yours, no address",
        "As long as the class",
    ),
    (
        "That your phone belongs to the class",
        "In your browser: a random word, of which the database has only a hash",
        "Until you press “Leave the class”",
    ),
    (
        "Networks, tables and runs of training",
        "On the server's disk; those that learned from a class hold pictures of its digits",
        "Until the teacher deletes them; “Delete this class” offers it",
    ),
    (
        "The server's log",
        "What was started, trained and refused; no names, no addresses, no drawings, nothing that was read",
        "As long as whoever runs the server keeps it",
    ),
)


def main() -> None:
    st.title("What is stored here", anchor=False)
    st.markdown("There are no accounts, and nothing is sent to anyone else: no statistics, no pictures.")
    lines = ["| What | Where | How long |", "|---|---|---|"]
    st.markdown("\n".join([*lines, *(f"| {' | '.join(row)} |" for row in _ROWS)]))
    st.markdown(
        "Deleting a class overwrites its rows, writes the database anew and empties its log, so that no byte "
        "of a drawing is left in its files. Copies that somebody has downloaded are theirs to delete."
    )


main()
