"""The socket server against another library's client."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from xinbo.engines import sockets
from xinbo.engines.sockets import Answer, CloseCode, Peer, Request, Socket, prebuilt, send_all

pytestmark = pytest.mark.anyio


class Echo:
    """Says back what it hears; breaks and closes when asked to."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.socket: Socket

    def opened(self, socket: Socket) -> None:
        self.socket = socket

    def heard(self, data: bytes) -> None:
        if data == b"break":
            raise RuntimeError(data)
        if data == b"close":
            self.socket.close(CloseCode.POLICY, "asked to")
        self.socket.send(data)

    def closed(self) -> None:
        self.ended.set()


class Place:
    """A server, and whoever came."""

    def __init__(self) -> None:
        self.peers: list[Echo] = []
        self.requests: list[Request] = []
        self.port = 0

    def accept(self, request: Request) -> Peer | Answer:
        self.requests.append(request)
        if request.path == "/broken":
            raise RuntimeError(request)
        if request.path != "/room":
            return Answer(200 if request.path == "/healthz" else 404, b"plain")
        self.peers.append(Echo())
        return self.peers[-1]

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def _serving() -> AsyncGenerator[Place]:
    place = Place()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0)
    place.port = listener.getsockname()[1]
    async with sockets.serve(place.accept, listener, largest=2048):
        yield place


async def drained(client: ClientConnection) -> None:
    async for _ in client:
        pass


@pytest.fixture
async def place() -> AsyncGenerator[Place]:
    async with _serving() as serving:
        yield serving


async def test_a_request_is_read_and_the_address_known(place: Place) -> None:
    async with connect(f"ws://{place.url}/room?ticket=a%20b&x=1", origin="http://me") as client:  # pyright: ignore[reportArgumentType]
        await client.send("好")
        assert await client.recv() == "好"
    (request,) = place.requests
    assert (request.path, request.query) == ("/room", {"ticket": "a b", "x": "1"})
    assert request.headers["ORIGIN"] == "http://me"
    assert place.peers[0].socket.address == "127.0.0.1"
    await asyncio.wait_for(place.peers[0].ended.wait(), 10)


async def test_plain_http_is_answered(place: Place) -> None:
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"http://{place.url}/{path}") for path in ("healthz", "no")]
    assert [(each.status_code, each.text) for each in answers] == [(200, "plain"), (404, "plain")]


async def test_a_fault_of_ours_is_answered_without_its_particulars(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await connect(f"ws://{place.url}/broken")
    assert refusal.value.response.status_code == 500
    assert not refusal.value.response.body
    assert "a request failed" in caplog.text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("x" * 2049, 1009),
        (["x" * 1500, "y" * 1500], 1009),
        (b"binary", 1003),
        ("break", 1011),
        ("close", 1008),
    ],
)
async def test_what_cannot_be_taken_closes_the_socket(
    place: Place, said: str | bytes | list[str], code: int
) -> None:
    async with connect(f"ws://{place.url}/room") as client:
        await client.send(said)
        await client.wait_closed()
        assert client.close_code == code
    await asyncio.wait_for(place.peers[0].ended.wait(), 10)


async def test_a_message_in_pieces_is_heard_whole(place: Place) -> None:
    async with connect(f"ws://{place.url}/room") as client:
        await client.send(["ab", "cd", "ef"])
        assert await client.recv() == "abcdef"


async def test_junk_on_the_port_does_no_harm(place: Place) -> None:
    for junk in (
        b"\x16\x03\x01\x02" * 50,
        b"GET / HTTP/1.1\r\n\r\n" * 9,
        b"POST /room HTTP/1.1\r\n\r\n",
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", place.port)
        writer.write(junk)
        await writer.drain()
        writer.close()
    async with connect(f"ws://{place.url}/room") as client:
        await client.send("still here")
        assert await client.recv() == "still here"


async def test_everyone_gets_the_prebuilt_message_and_the_slow_are_named(place: Place) -> None:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    raw.connect(("127.0.0.1", place.port))
    url = f"ws://{place.url}/room"
    async with connect(url) as quick, connect(url, sock=raw, max_queue=1) as slow:
        first, second = (peer.socket for peer in place.peers)
        named: list[Socket] = []
        message = prebuilt(b"x" * 40_000)
        for _ in range(20):
            named = send_all([first, second], message, 100_000)
            assert len(await quick.recv()) == 40_000
            if named:
                break
        assert named == [second]
        assert second.waiting > 100_000 > first.waiting
        second.abort()
        with pytest.raises(ConnectionClosed):
            await drained(slow)
