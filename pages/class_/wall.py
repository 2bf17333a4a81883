"""The wall: what a class has drawn, as it comes; with a tap the teacher hides a drawing, or shows it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_core.classroom.classes import SchoolClass, load_class
from mnist_core.classroom.drawings import class_drawings, set_shown
from mnist_core.errors import ClassroomError
from mnist_core.serving.rights import may_hold_class
from pages.class_.tiles import Tile, tile_of
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.visitor import may

_MOST_TILES = 120
_EVERY_S = 1
"""Only the teacher's page asks; a pupil's doesn't."""
_NEWEST, _BY_DIGIT, _BY_READING = "Newest", "By digit", "By reading"
_WALL, _GROUPS, _SHOWN = "class-wall-tiles", "class-wall-groups", "class-wall-shown"

_wall = st.components.v2.component(
    "digit_playground_wall",
    html='<div class="dp-wall"></div>',
    js=Path(__file__).with_name("wall.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its style is in style.css, as every page's
)


@st.fragment(run_every=_EVERY_S)
def show_live_wall(class_id: int) -> None:
    """Show the wall of an open class, and what comes."""
    show_wall(class_id)


def show_wall(class_id: int) -> None:
    """Show the wall as it is now."""
    if not may(may_hold_class):
        return
    try:
        school_class = load_class(open_class_database(), class_id)
        with st.container(key="class-wall-bar", horizontal=True, vertical_alignment="center"):
            count = st.container(key="class-count")
            grouping = st.segmented_control(
                "The wall",
                [_NEWEST, _BY_DIGIT, _BY_READING],
                default=_NEWEST,
                required=True,
                key=_GROUPS,
                label_visibility="collapsed",
            )
        tiles = _tiles(school_class)
    except ClassroomError as error:
        show_error(error, "class")
        return
    with count:
        st.markdown(_count_sentence(school_class, tiles))
    groups = _grouped(tiles, str(grouping))
    with st.container(key="class-wall"):
        _wall(
            key=_WALL,
            data={"groups": groups},
            on_tapped_change=_tap,
            height="content",
        )


def _tiles(school_class: SchoolClass) -> tuple[Tile, ...]:
    """Return the latest drawings; from the session where nothing has changed since."""
    shown = st.session_state.get(_SHOWN)
    mark = (school_class.id, school_class.version)
    if shown is None or shown[0] != mark:
        drawings = class_drawings(open_class_database(), school_class.id, _MOST_TILES)
        tiles = tuple(tile_of(each) for each in drawings if not each.is_challenge)  # others are to read those
        shown = st.session_state[_SHOWN] = (mark, tiles)
    of_class: tuple[Tile, ...] = shown[1]
    return of_class


def _count_sentence(school_class: SchoolClass, tiles: Sequence[Tile]) -> str:
    joined = "nobody has" if not school_class.members else f"**{school_class.members}** have"
    if school_class.members == 1:
        joined = "**1** has"
    misread = sum(tile.is_misread for tile in tiles)
    latest = f" Of the latest {len(tiles)} drawings: **{misread}** misread." if tiles else ""
    return f"{joined[0].upper()}{joined[1:]} joined.{latest}"


def _grouped(tiles: Sequence[Tile], grouping: str) -> list[dict[str, Any]]:
    if grouping not in (_BY_DIGIT, _BY_READING):
        return [{"title": "", "tiles": [asdict(tile) for tile in tiles]}]
    groups: dict[str, list[Tile]] = defaultdict(list)
    for tile in tiles:
        groups[tile.reading if grouping == _BY_READING else tile.asked].append(tile)
    nothing = "Read as no digit" if grouping == _BY_READING else "Anything"
    before = "Read as " if grouping == _BY_READING else ""
    return [
        {"title": f"{before}{name}" if name else nothing, "tiles": [asdict(tile) for tile in groups[name]]}
        for name in sorted(groups, key=lambda name: (not name, len(name), name))
    ]


def _tap() -> None:
    """Hide the tapped drawing, or show it again."""
    state = st.session_state
    reported, held = state.get(_WALL), state.get("class-held")
    drawing_id = reported.get("tapped") if isinstance(reported, dict) else None
    if not isinstance(drawing_id, int) or not isinstance(held, int) or not may(may_hold_class):
        return
    tiles: tuple[Tile, ...] = state[_SHOWN][1] if _SHOWN in state else ()
    is_hidden = any(tile.id == drawing_id and tile.is_hidden for tile in tiles)
    try:
        set_shown(open_class_database(), held, drawing_id, is_shown=is_hidden)
    except ClassroomError as error:
        show_error(error, "class")
