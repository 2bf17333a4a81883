"""A class's digits as training data: alone, or mixed with MNIST; tested on pupils it never saw."""

import numpy as np
import streamlit as st

from mnist_core.classroom.class_cells import ClassCells, split_by_member, usable
from mnist_core.classroom.classes import SchoolClass, list_classes
from mnist_core.classroom.codes import spell_code
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.traces import table_name
from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import BYTE_SCALE, LabelledCells
from mnist_core.datasets.mnist import load_mnist
from mnist_core.datasets.stored_tables import list_tables, remove_table, store_cells
from mnist_core.errors import MnistCoreError
from mnist_core.serving.rights import may_train
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.resources import open_recognizer
from pages.shared.visitor import may

_SOURCE, _PROBLEM = "train-class-source", "train-class-problem"
_ALONE, _MIXED = "Alone", "Mixed with MNIST"


def choose_class(paths: AppPaths) -> str | None:
    """Let the teacher choose a class's digits.

    Returns:
        The path of a table of them, for `load_dataset`; None where nothing is chosen yet.
    """
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "train")
    if permission := may(may_train).refusal:
        st.info(permission)
        return None
    classes = {spell_code(each.code): each for each in list_classes(open_class_database())}
    if not classes:
        st.markdown("There is no class yet: open one on the Class page.")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", key="train-class-bar"):
        code = st.selectbox("Class", classes, key="train-class")
        mix = st.segmented_control(
            "Its digits", [_ALONE, _MIXED], default=_ALONE, required=True, key="train-class-mix"
        )
    school_class = classes[str(code)]
    parts = split_by_member(usable(class_drawings(open_class_database(), school_class.id)))
    st.markdown(_describe(parts))
    st.button(
        "Take these digits",
        key="train-class-take",
        on_click=_take,
        args=(school_class, parts, mix == _MIXED, paths),
    )
    taken = st.session_state.get(_SOURCE)
    return taken[1] if taken and taken[0] == (school_class.id, mix) else None


def _describe(parts: ClassCells) -> str:
    words = (
        f"{len(parts.train)} digits of {parts.train_hands} hands to learn from, {len(parts.test)} of "
        f"{parts.test_hands} other hands to test on."
    )
    if not len(parts.test):
        return words
    cells = parts.test.cells * BYTE_SCALE
    try:
        read = open_recognizer().probabilities(cells).argmax(axis=1)
    except MnistCoreError:  # a broken network says so on the pages that read with it
        return words
    right = int((read == parts.test.labels).sum())
    return f"{words} Of these, the network in use reads {right} right before it has learned from the class."


def _take(school_class: SchoolClass, parts: ClassCells, is_mixed: bool, paths: AppPaths) -> None:
    """Write the digits into a table. For a button's `on_click`."""
    name = table_name(school_class.code)
    try:
        may(may_train).require()
        train = parts.train
        if is_mixed:
            mnist = load_mnist(paths).train
            train = LabelledCells(
                np.concatenate([mnist.cells, train.cells]), np.concatenate([mnist.labels, train.labels])
            )
        path = store_cells(name, train, parts.test, paths)
        for table in list_tables(paths):  # what the class had drawn before
            if table.name == f"{name}.npz" and table.path != path:
                remove_table(table, paths)
    except MnistCoreError as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_SOURCE] = ((school_class.id, _MIXED if is_mixed else _ALONE), str(path))
