"""Sessions without a browser, over a real server's websocket, from any address of this machine."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_S = 60
STRANGER = "127.0.0.2"
"""An address of this machine from which no browser comes, and that the app takes for one of elsewhere."""


@dataclass
class Session:
    """One visit of a page: its widgets by their keys, and the sentences on it.

    Attributes:
        port: of the server, at 127.0.0.1.
        source: the address that the visit comes from.
        headers: to send beside a browser's own.
    """

    port: int
    source: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)
    host: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    disabled: dict[str, bool] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    id: str = ""

    async def __aenter__(self) -> "Session":
        host = self.host or f"localhost:{self.port}"
        self._connection: ClientConnection = await connect(
            f"ws://{host}/_stcore/stream",
            host="127.0.0.1",
            port=self.port,
            origin=Origin(f"http://{host}"),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=self.headers,
            local_addr=(self.source, 0),
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=PATIENCE_S,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()

    async def open(self, page: str) -> None:
        """Open a page by its address, without the slash."""
        message = BackMsg()
        message.rerun_script.page_name = self._address = page
        await self.run(message)

    async def press(self, key: str) -> None:
        """Press a button, be it disabled or not."""
        message = BackMsg()
        message.rerun_script.page_name = self._address
        message.rerun_script.widget_states.widgets.add(id=self.widgets[key], trigger_value=True)
        await self.run(message)

    async def send(self, content: bytes | str) -> None:
        """Send anything at all."""
        await self._connection.send(content)

    async def closed(self) -> int | None:
        """Wait until the server has closed the connection, and give its reason's number."""
        await asyncio.wait_for(self._connection.wait_closed(), PATIENCE_S)
        return self._connection.close_code

    async def run(self, message: BackMsg) -> None:
        """Send a message, and take in what comes until the run it started is over."""
        message.rerun_script.context_info.timezone = "UTC"
        await self._connection.send(message.SerializeToString())
        await self.take_in_run()

    async def take_in_run(self) -> None:
        """Take in what comes until a run is over."""
        self.sentences = []
        while True:
            content = await asyncio.wait_for(self._connection.recv(decode=False), PATIENCE_S)
            forward = ForwardMsg.FromString(content)
            kind = forward.WhichOneof("type")
            if kind == "new_session":
                self.id = forward.new_session.initialize.session_id or self.id
            elif kind == "delta" and forward.delta.WhichOneof("type") == "new_element":
                self._take_in(forward)
            elif kind == "script_finished" and forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    def _take_in(self, forward: ForwardMsg) -> None:
        element = forward.delta.new_element
        kind = element.WhichOneof("type") or ""
        content = getattr(element, kind)
        if kind in ("alert", "markdown"):
            self.sentences.append(content.body)
        if identity := getattr(content, "id", ""):
            key = identity.partition("-")[2].partition("-")[2]
            self.widgets[key] = identity
            self.disabled[key] = getattr(content, "disabled", False)
