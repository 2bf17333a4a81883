"""The teacher's page: classes to open and to go into; the code, what is asked, and the wall."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from mnist_core.classroom.classes import (
    DAYS_KEPT,
    SchoolClass,
    close_class,
    keep_class,
    list_classes,
    load_class,
    open_class,
    pause_class,
    reopen_class,
    set_task,
)
from mnist_core.classroom.codes import spell_code
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.deletion import delete_class
from mnist_core.classroom.drawings import clear_wall
from mnist_core.classroom.tasks import TIMES_EACH, Task, TaskKind, make_number
from mnist_core.classroom.traces import delete_networks, delete_tables_and_runs, networks_of
from mnist_core.errors import ClassroomError, MnistCoreError
from mnist_core.serving.rights import may_hold_class
from pages.class_.address import join_address, qr_code
from pages.class_.audience import show_change
from pages.class_.files import show_files
from pages.class_.fool import show_fooling
from pages.class_.review import show_review
from pages.class_.teach import show_teach
from pages.class_.wall import show_live_wall, show_wall
from pages.shared.class_database import delete_what_is_old, open_class_database
from pages.shared.messages import show_error
from pages.shared.resources import app_paths
from pages.shared.visitor import may
from pages.shared.wording import spell_date

_HELD, _PROBLEM = "class-held", "class-problem"
_NETWORKS = "class-delete-networks"
_KIND, _DIGIT = "class-task", "class-task-digit"
_YEAR_DAYS = 365
_VIEWS = _WALL, _REVIEW, _TEACH, _FILES = "Wall", "Review", "Teach", "Take along"
_KINDS = {
    "Anything": TaskKind.FREE,
    "One digit": TaskKind.DIGIT,
    f"All ten, {TIMES_EACH} times": TaskKind.ALL_TEN,
    "A number": TaskKind.NUMBER,
    "Fool the network": TaskKind.FOOL,
}


def held_class() -> SchoolClass | None:
    """Return the class that this teacher holds now; None for none, and for whoever may hold none."""
    class_id = st.session_state.get(_HELD)
    if not isinstance(class_id, int) or not may(may_hold_class):
        return None
    try:
        return load_class(open_class_database(), class_id)
    except ClassroomError:  # deleted elsewhere
        st.session_state.pop(_HELD, None)
        return None


def show_problem() -> None:
    """Show why what the teacher pressed last could not be done; nothing where it was."""
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "class")


def show_classes() -> None:
    """Show the button that opens a class, and the classes that there are."""
    st.button("Open a class", key="class-open", type="primary", icon=":material/add:", on_click=_open)
    database = open_class_database()
    delete_what_is_old()
    for school_class in list_classes(database):
        with st.container(key=f"class-row-{school_class.id}", horizontal=True, vertical_alignment="center"):
            state = "open" if school_class.is_open else "closed"
            st.markdown(
                f"**{spell_code(school_class.code)}**, {state}, of {_day(school_class.opened_at)}, "
                f"joined by {school_class.members}. Deleted on {_day(school_class.keep_until)}."
            )
            st.button("Go in", key=f"class-enter-{school_class.id}", on_click=_enter, args=(school_class.id,))


def show_teacher(school_class: SchoolClass) -> None:
    """Show a class to its teacher and, by a projector, to everybody."""
    with st.container(key="class-room"):
        with st.container(key="class-side"):
            _show_code(school_class)
            _show_controls(school_class)
        with st.container(key="class-main"):
            _show_view(school_class)


def _show_view(school_class: SchoolClass) -> None:
    view = st.segmented_control(
        "What is shown", _VIEWS, default=_WALL, required=True, key="class-view", label_visibility="collapsed"
    )
    if view == _REVIEW:
        show_review(school_class.id)
        return
    if view == _TEACH:
        show_teach(school_class)
        return
    if view == _FILES:
        show_files(school_class)
        return
    st.header(_asked_of_all(school_class), anchor=False)
    if school_class.task.kind == TaskKind.FOOL:
        show_fooling(school_class.id)
    elif school_class.is_open:
        show_live_wall(school_class.id)
    else:
        show_wall(school_class.id)


def _show_code(school_class: SchoolClass) -> None:
    with st.container(key="class-code"):
        st.html(f'<p class="dp-code">{school_class.code}</p>')
    if not school_class.is_open:
        st.markdown("This class is closed: nobody joins or draws.")
        return
    address = join_address()
    with st.container(key="class-join-at"):
        st.html(
            f'<img class="dp-qr" src="{qr_code(address.link(school_class.code))}" '
            f'alt="QR code of the page where one joins"><p class="dp-join-at">{address.page}</p>'
        )
    if not address.is_reachable:
        st.warning(
            "Only this computer reaches this address. So that others can join, start the app with "
            "`make run HOST=0.0.0.0`."
        )


def _show_controls(school_class: SchoolClass) -> None:
    kind_now = next(words for words, kind in _KINDS.items() if kind == school_class.task.kind)
    with st.container(key="class-controls"):
        st.selectbox(
            "What is asked", list(_KINDS), index=list(_KINDS).index(kind_now), key=_KIND, on_change=_ask
        )
        if school_class.task.kind == TaskKind.DIGIT:
            st.segmented_control(
                "Which digit",
                [str(digit) for digit in range(10)],
                default=school_class.task.digits,
                required=True,
                key=_DIGIT,
                on_change=_ask,
            )
        elif school_class.task.kind == TaskKind.NUMBER:
            st.button("Another number", key="class-number", on_click=_ask)
        with st.container(horizontal=True, key="class-buttons"):
            if school_class.is_open:
                words, icon = ("Go on", "play_arrow") if school_class.is_paused else ("Pause", "pause")
                st.button(words, key="class-pause", icon=f":material/{icon}:", on_click=_pause)
                st.button("Close", key="class-close", icon=":material/lock:", on_click=_close)
            else:
                st.button("Open again", key="class-reopen", icon=":material/lock_open:", on_click=_reopen)
            with st.popover("More", key="class-more"):
                _show_more(school_class)


def _show_more(school_class: SchoolClass) -> None:
    st.button("To all classes", key="class-out", on_click=_go_out)
    st.markdown(f"This class is deleted on {_day(school_class.keep_until)}.")
    st.button(f"Keep it for {_YEAR_DAYS} days", key="class-keep", on_click=_keep, args=(_YEAR_DAYS,))
    st.button(f"Keep it for {DAYS_KEPT} days", key="class-keep-short", on_click=_keep, args=(DAYS_KEPT,))
    is_sure = st.checkbox("Delete something: it can't be undone", key="class-sure")
    st.button("Clear the wall: delete all drawings", key="class-clear", disabled=not is_sure, on_click=_clear)
    networks = networks_of(school_class.code, app_paths())
    if networks:
        st.checkbox(
            f"With the class, the networks that learned from it: {', '.join(networks)}", key=_NETWORKS
        )
    st.button("Delete this class and all in it", key="class-delete", disabled=not is_sure, on_click=_delete)


def _asked_of_all(school_class: SchoolClass) -> str:
    if not school_class.is_open:
        return "This class is over"
    if school_class.is_paused:
        return "A pause"
    task = school_class.task
    match task.kind:
        case TaskKind.DIGIT:
            return f"Write a {task.digits}"
        case TaskKind.NUMBER:
            return f"Write the number {task.digits}"
        case TaskKind.ALL_TEN:
            return f"Write all ten digits, {TIMES_EACH} times each"
        case TaskKind.FOOL:
            return "Fool the network"
    return "Write any digit"


def _day(moment_ms: int) -> str:
    return spell_date(datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat())


def _open() -> None:
    def do(database: ClassDatabase) -> None:
        st.session_state[_HELD] = open_class(database).id

    _do(do)


def _enter(class_id: int) -> None:
    st.session_state[_HELD] = class_id


def _go_out() -> None:
    st.session_state.pop(_HELD, None)


def _ask() -> None:
    state = st.session_state
    kind = _KINDS.get(str(state.get(_KIND)), TaskKind.FREE)
    digits = ""
    if kind == TaskKind.DIGIT:
        digits = str(state.get(_DIGIT) or "7")
    elif kind == TaskKind.NUMBER:
        digits = make_number()
    _do_in_class(lambda database, class_id: set_task(database, class_id, Task(kind, digits)))


def _pause() -> None:
    def toggle(database: ClassDatabase, class_id: int) -> None:
        pause_class(database, class_id, not load_class(database, class_id).is_paused)

    _do_in_class(toggle)


def _close() -> None:
    _do_in_class(close_class)


def _reopen() -> None:
    _do_in_class(reopen_class)


def _keep(days: int) -> None:
    _do_in_class(lambda database, class_id: keep_class(database, class_id, days))


def _clear() -> None:
    _do_in_class(clear_wall)


def _delete() -> None:
    def delete(database: ClassDatabase, class_id: int) -> None:
        code, paths = load_class(database, class_id).code, app_paths()
        delete_tables_and_runs(code, paths)
        if st.session_state.get(_NETWORKS):
            delete_networks(code, paths)
        delete_class(database, class_id)
        _go_out()

    _do_in_class(delete)


def _do_in_class(change: Callable[[ClassDatabase, int], None]) -> None:
    """Change the class that is held, and show that on the phones of its members."""
    class_id = st.session_state.get(_HELD)
    if isinstance(class_id, int):
        _do(lambda database: change(database, class_id))
        show_change(class_id)


def _do(change: Callable[[ClassDatabase], None]) -> None:
    try:
        may(may_hold_class).require()
        change(open_class_database())
    except MnistCoreError as error:
        st.session_state[_PROBLEM] = error
