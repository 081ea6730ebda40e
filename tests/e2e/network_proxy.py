"""A network that fails, between workers and coordinator: a TCP proxy for each worker, which cuts, holds back and delays. What it
holds back is not lost, as TCP loses nothing between peers that find each other again. Messages within a connection can be
neither doubled nor reordered at this level: the simulation does that."""

import asyncio
import enum
import random
import threading

CHUNK_BYTES = 1 << 16


class Way(enum.Enum):
    """Which way bytes go."""

    TO_COORDINATOR = "to coordinator"
    TO_WORKER = "to worker"


class Network:
    """The proxies of a test and the thread that serves them; ended with the with block."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.proxies = []

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    async def _end(self):
        for proxy in self.proxies:
            proxy.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def proxy(self, target):
        """A new proxy in front of this HOST:PORT."""
        proxy = Proxy(self, target)
        self.run(proxy.listen())
        self.proxies.append(proxy)
        return proxy


class Proxy:
    """One worker's way to the coordinator, at `address`."""

    def __init__(self, network, target):
        self.network = network
        self.target_host, self.target_port = target.rsplit(":", 1)
        self.address = None
        self._server = None
        self._is_cut = False
        self._writers = set()
        self._open = {way: asyncio.Event() for way in Way}
        self._delays = None

    async def listen(self):
        for event in self._open.values():
            event.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    # --- what a test does; each has happened when it returns

    def cut(self):
        """Ends every connection and every new one, until heal()."""
        self.network.run(self._cut())

    def hold_back(self, *ways):
        """Keeps what is sent these ways (none named: both) to itself, until heal()."""
        self.network.run(self._hold_back(ways or tuple(Way)))

    def delay(self, longest_s, seed):
        """From now on holds every piece back for a moment, up to so many seconds; pieces of one connection stay in order."""
        self._delays = (random.Random(seed), longest_s)

    def heal(self):
        self.network.run(self._heal())

    # --- on the network's thread

    def close(self):
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _cut(self):
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    async def _hold_back(self, ways):
        for way in ways:
            self._open[way].clear()

    async def _heal(self):
        self._is_cut = False
        for event in self._open.values():
            event.set()

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            if self._is_cut:
                raise ConnectionRefusedError
            to_reader, to_writer = await asyncio.open_connection(self.target_host, self.target_port)
            self._writers.add(to_writer)
            forwards = (self._forward(reader, to_writer, Way.TO_COORDINATOR), self._forward(to_reader, writer, Way.TO_WORKER))
            await asyncio.gather(*forwards)
            self._writers.discard(to_writer)
        except OSError:
            writer.transport.abort()
        except asyncio.CancelledError:
            pass  # the network's end; asyncio's own callback would call it an error
        finally:
            self._writers.discard(writer)

    async def _forward(self, reader, writer, way):
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                await self._open[way].wait()
                if self._delays is not None:
                    generator, longest_s = self._delays
                    await asyncio.sleep(generator.uniform(0, longest_s))
                    await self._open[way].wait()
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # the other end is gone; so is this one now
        finally:
            writer.close()
