"""Visitors without browsers: they draw on the draw page over Streamlit's websocket, as its canvas would.

What a browser sends was recorded from one: with each stroke the whole drawing goes out, every stroke with all
that the canvas library knows of it.
"""

import asyncio
import base64
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.strokes import Stroke, draw_strokes

PAPER = (280, 700)
"""Height and width of the draw page's canvas in pixels."""

_PATIENCE_S = 120
_TEXT = re.compile(r'class="dp-text[^>]*>([^<]*)<')
_OBJECT: dict[str, Any] = {
    "lockMovementX": False,
    "lockMovementY": False,
    "lockRotation": False,
    "lockScalingX": False,
    "lockScalingY": False,
    "lockSkewingX": False,
    "lockSkewingY": False,
    "lockScalingFlip": False,
    "type": "Path",
    "version": "7.4.0",
    "originX": "center",
    "originY": "center",
    "left": 348.99,
    "top": 139.2088,
    "width": 98.02,
    "height": 166.02,
    "fill": None,
    "stroke": "#000000",
    "strokeWidth": 20,
    "strokeDashArray": None,
    "strokeLineCap": "round",
    "strokeDashOffset": 0,
    "strokeLineJoin": "round",
    "strokeUniform": False,
    "strokeMiterLimit": 10,
    "scaleX": 1,
    "scaleY": 1,
    "angle": 0,
    "flipX": False,
    "flipY": False,
    "opacity": 1,
    "shadow": None,
    "visible": True,
    "backgroundColor": "",
    "fillRule": "nonzero",
    "paintFirst": "fill",
    "globalCompositeOperation": "source-over",
    "skewX": 0,
    "skewY": 0,
}
"""What the canvas tells of a stroke besides its path and its pen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the text that the page now shows, and after how many seconds the run was over."""

    text: str
    seconds: float
    received_bytes: int
    messages: int


class ServerError(Exception):
    """The page told of an error, or the connection was lost."""


class Visitor:
    """One session: the state that a browser would hold."""

    def __init__(self, address: str) -> None:
        """Give a visitor who has not come in yet.

        Args:
            address: of the server, as http://HOST:PORT.
        """
        self._address = address
        self._connection: ClientConnection | None = None
        self._page = ""
        self._widgets: dict[str, tuple[str, str]] = {}
        self._text = ""
        self._canvas_value = ""

    @property
    def has_canvas(self) -> bool:
        """Whether there is anything to draw on."""
        return "canvas" in self._widgets

    async def enter(self) -> Answer:
        """Open the draw page.

        Raises:
            ServerError: the page shows an error.
        """
        self._connection = await connect(
            f"ws://{urlparse(self._address).netloc}/_stcore/stream",
            origin=self._address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=_PATIENCE_S,
            ping_interval=None,
            compression=None,
            proxy=None,
        )
        return await self._run(BackMsg())

    async def show(self, strokes: Sequence[Stroke], picture: bool = False) -> Answer:
        """Have these strokes on the paper, as after the last of them, and wait for what is read.

        Args:
            strokes: all that are drawn by now.
            picture: whether the page asks its canvas for a picture too; ours does not.
        """
        objects = [canvas_object(stroke) for stroke in strokes]
        drawing = {
            "raw": {"version": "7.4.0", "objects": objects, "background": "#ffffff"},
            "data": _data_url(strokes) if picture else None,
        }
        self._canvas_value = json.dumps({"drawing": drawing}, separators=(",", ":"))
        return await self._run(self._message("canvas"))

    async def clear(self) -> Answer:
        """Press Clear."""
        message = self._message("clear")
        message.rerun_script.widget_states.widgets.append(
            WidgetState(id=self._widgets["clear"][0], trigger_value=True)
        )
        self._canvas_value = ""
        return await self._run(message)

    async def leave(self) -> None:
        """Close the connection."""
        if self._connection:
            await self._connection.close()

    def _message(self, cause: str) -> BackMsg:
        """Begin what a browser sends because of one widget: the others' states, and whose part is to run."""
        message = BackMsg()
        request = message.rerun_script
        request.page_script_hash = self._page
        request.fragment_id = self._widgets[cause][1]
        widgets = request.widget_states.widgets
        if "pen" in self._widgets:
            pen = widgets.add(id=self._widgets["pen"][0])
            pen.string_array_value.data.append("Thick")
        if self._canvas_value:
            widgets.add(id=self._widgets["canvas"][0], json_value=self._canvas_value)
        return message

    async def _run(self, message: BackMsg) -> Answer:
        """Send a message and take in what comes, until the run it started is over."""
        message.rerun_script.SetInParent()
        context = message.rerun_script.context_info
        context.timezone, context.locale, context.url = "UTC", "en-US", self._address
        connection = self._connection
        if connection is None:
            raise ServerError("not entered yet")
        received, messages = 0, 0
        start = time.perf_counter()
        await connection.send(message.SerializeToString())
        while True:
            content = await asyncio.wait_for(connection.recv(decode=False), _PATIENCE_S)
            received += len(content)
            messages += 1
            forward = ForwardMsg.FromString(content)
            kind = forward.WhichOneof("type")
            if kind == "new_session":
                self._page = forward.new_session.page_script_hash
            elif kind == "delta":
                self._take_in(forward)
            elif kind == "script_finished" and forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return Answer(self._text, time.perf_counter() - start, received, messages)

    def _take_in(self, forward: ForwardMsg) -> None:
        """Note what an element tells: widgets by their keys, the text, errors."""
        if forward.delta.WhichOneof("type") != "new_element":
            return
        element = forward.delta.new_element
        kind = element.WhichOneof("type") or ""
        if kind in ("exception", "alert"):
            raise ServerError(f"the page shows: {getattr(element, kind)}")
        if kind == "html":
            if found := _TEXT.search(element.html.body):
                self._text = found[1]
            return
        identity: str = getattr(getattr(element, kind), "id", "")
        if identity:
            self._widgets[identity.rpartition("-")[2]] = (identity, forward.delta.fragment_id)


def _data_url(strokes: Sequence[Stroke]) -> str:
    """Give the canvas' picture as a browser sends it."""
    png = png_bytes(draw_strokes(strokes, *PAPER))
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def canvas_object(stroke: Stroke) -> dict[str, Any]:
    """Tell of a stroke as the canvas library does: through the points' middles, by quadratic curves."""
    points = np.round(stroke.points.astype(float), 4)
    middles = (points[:-1] + points[1:]) / 2
    path: list[list[str | float]] = [["M", *points[0].tolist()]]
    path += [
        ["Q", *point, *middle] for point, middle in zip(points[:-1].tolist(), middles.tolist(), strict=True)
    ]
    path.append(["L", *points[-1].tolist()])
    return {**_OBJECT, "strokeWidth": stroke.width, "path": path}
