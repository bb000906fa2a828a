"""A reader at the other end of a websocket: asks for a page as a browser does, and reads until it is whole."""

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class PageError(Exception):
    """The page showed an error instead of itself."""


class Session:
    """One connection to a server, that keeps large messages as a browser does. Elements are those of the last run."""

    def __init__(self, socket: websockets.ClientConnection, query: str) -> None:
        self.socket, self.query = socket, query
        self.kept: set[str] = set()
        self.elements = 0

    @classmethod
    async def at(cls, host: str, query: str) -> "Session":
        """Connect to `host` (name:port); `query` is what stands behind the ? in the address."""
        connection = await websockets.connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            origin=websockets.Origin(f"http://{host}"),
            max_size=None,
            ping_interval=None,
        )
        return cls(connection, query)

    async def run(self) -> None:
        """Run the page. Raises PageError where it shows an error."""
        asked, self.elements = BackMsg(), 0
        asked.rerun_script.query_string = self.query
        asked.rerun_script.cached_message_hashes.extend(self.kept)
        asked.rerun_script.context_info.url = f"http://127.0.0.1/?{self.query}"
        await self.socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self.socket.recv(decode=False))
            if message.metadata.cacheable and message.hash:
                self.kept.add(message.hash)
            kind = message.WhichOneof("type")
            if kind in ("delta", "ref_hash"):
                self.elements += 1
            if message.delta.new_element.WhichOneof("type") == "exception":
                raise PageError(message.delta.new_element.exception.message)
            if kind == "script_finished":
                return

    async def close(self) -> None:
        """Go away."""
        await self.socket.close()
