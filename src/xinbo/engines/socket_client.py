"""A WebSocket client, for programs of ours that visit a live room."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self, override

from picows import (
    WSError,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,  # pyright: ignore[reportUnknownVariableType] - its **kwargs have no type
)


class SocketClient(AbstractAsyncContextManager["SocketClient"]):
    """One connection to an edge: `async with SocketClient(url, heard) as socket`.

    `heard` gets each text frame; without it frames are not even read. Raises `OSError` when
    nobody listens, or when the edge refuses.
    """

    def __init__(self, url: str, heard: Callable[[bytes], None] | None) -> None:
        self._url = url
        self._heard = heard
        self._transport: WSTransport | None = None
        self.open = False
        """Whether the connection stands."""

    @override
    async def __aenter__(self) -> Self:
        heard, client = self._heard, self

        class Ear(WSListener):
            @override
            def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
                if heard is not None and frame.msg_type == WSMsgType.TEXT:
                    heard(frame.get_payload_as_bytes())

            @override
            def on_ws_disconnected(self, transport: WSTransport) -> None:
                client.open = False

        try:
            self._transport, _ = await ws_connect(Ear, self._url)
        except WSError as refused:
            raise ConnectionRefusedError(str(refused)) from None
        self.open = True
        return self

    @override
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._transport is not None:
            self._transport.disconnect()

    def send(self, message: bytes) -> None:
        """Send one text frame."""
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, message)

    async def closed(self) -> None:
        """Wait until the other side, or the network, ends it."""
        if self._transport is not None:
            await self._transport.wait_disconnected()
