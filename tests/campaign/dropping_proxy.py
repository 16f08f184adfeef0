"""A connection between the site and a server that can be cut, stalled or refused: a proxy of one port."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

HOST = "127.0.0.1"
_PIECE = 1 << 16


class DroppingProxy:
    """Passes connections to `port` on to `target`, both on this machine. Any thread may call its methods."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy {port}", daemon=True)
        self._thread.start()
        self.accept()

    def accept(self) -> None:
        """Take connections, as a server does that runs."""
        self._run(self._listen())

    def refuse(self) -> None:
        """Take no connection, as a server's port does that is down; end those that there are."""
        self._run(self._close_port())
        self.cut()

    def cut(self) -> None:
        """End every connection in both directions, with whatever is on its way."""
        self._run(self._abort())

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Within the block nothing gets through, and nobody is told."""
        self._loop.call_soon_threadsafe(self._flowing.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._flowing.set)

    def close(self) -> None:
        self.refuse()
        self._run(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, HOST, self.port)

    async def _close_port(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _abort(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _end_tasks(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._flowing.wait()
            with suppress(OSError):
                there_reader, there_writer = await asyncio.open_connection(HOST, self._target)
                self._writers.add(there_writer)
                try:
                    await asyncio.gather(self._copy(reader, there_writer), self._copy(there_reader, writer))
                finally:
                    self._writers.discard(there_writer)
                    there_writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            await self._flowing.wait()
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
