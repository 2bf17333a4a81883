"""Teach it from nothing: a small classifier learns from more and more of the class's digits."""

from html import escape

import streamlit as st

from mnist_core.classroom.class_cells import split_by_member, usable
from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.from_nothing import LearningPoint, learn_from_nothing
from mnist_core.errors import MnistCoreError
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error

_LEARNED = "class-learned"


def show_teach(school_class: SchoolClass) -> None:
    """Show how well a classifier that knew nothing reads the hands that were held out."""
    st.markdown(
        "A classifier that has seen nothing yet (logistic regression: one weight a pixel and digit) learns "
        "from this class's digits alone. It is tested on a quarter of you, whose digits it never sees. How "
        "much better does it get with more of them?"
    )
    if st.button("Teach it from nothing", key="class-teach", type="primary", icon=":material/school:"):
        drawings = usable(class_drawings(open_class_database(), school_class.id))
        try:
            with st.spinner("It learns …"):
                points = learn_from_nothing(split_by_member(drawings))
        except MnistCoreError as error:
            show_error(error, "class")
            return
        st.session_state[_LEARNED] = (school_class.id, points)
    learned = st.session_state.get(_LEARNED)
    if learned and learned[0] == school_class.id:
        _show_points(learned[1])


def _show_points(points: tuple[LearningPoint, ...]) -> None:
    bars = "".join(_bar_html(point) for point in points)
    st.html(f'<div class="dp-learned">{bars}</div>')
    last = points[-1]
    st.markdown(
        f"After {last.digits} digits it reads {last.right} of {last.total} right. The network that reads on "
        "the Draw page learned from a hundred thousand digits and more before it met you."
    )


def _bar_html(point: LearningPoint) -> str:
    share = 100 * point.right / point.total
    words = f"{point.digits} digits: {point.right} of {point.total} right"
    return (
        f'<div role="img" aria-label="{escape(words)}"><b>{share:.0f}\u202f%</b>'
        f'<span><i style="height:{share:.0f}%"></i></span>{point.digits} digits</div>'
    )
