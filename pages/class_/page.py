"""Class: a teacher opens one, pupils join it by a code, write digits, and see them on the wall."""

import streamlit as st

from mnist_core.errors import ClassroomError
from mnist_core.serving.rights import may_hold_class
from pages.class_.member import current_member, show_browser_token, show_join
from pages.class_.pupil import show_pupil
from pages.class_.teacher import held_class, show_classes, show_problem, show_teacher
from pages.shared.messages import show_error
from pages.shared.theme import show_privacy
from pages.shared.visitor import may


def main() -> None:
    try:
        show()
    except ClassroomError as error:
        show_error(error, "class")


def show() -> None:
    if (held := held_class()) is not None:
        show_problem()
        show_teacher(held)
        return
    show_browser_token()
    if (member := current_member()) is not None:
        show_pupil(member)
    else:
        show_door()
    show_privacy(
        "A class holds the strokes of what you send, what the network read, and the name that was made up "
        "for you; no name of yours, no address. Your teacher can delete it at any time, and after 30 days it "
        "is deleted. Your browser stores a secret word by which it is known again, until you leave the class."
    )


def show_door() -> None:
    """Show where a class is joined and, to whoever may hold one, where it is opened."""
    st.title("A class", anchor=False)
    st.markdown(
        "Everybody writes digits on their own phone; they appear on one wall, with what the network read."
    )
    show_problem()
    if not may(may_hold_class) or "code" in st.query_params:  # whoever comes by the QR code means to join
        show_join()
        return
    with st.container(key="class-door"):
        with st.container():
            st.header("Hold a class", anchor=False)
            show_classes()
        with st.container():
            st.header("Join a class", anchor=False)
            show_join()


main()
