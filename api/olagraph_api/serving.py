"""Serving over HTTP: one process, or several behind one port, each with a store and snapshots of its own."""

import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from typing import TypeAlias

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from olagraph.stores import Address, Store, open_store
from olagraph_api.desk import Desk
from olagraph_api.security.clock import Clock
from olagraph_api.security.principals import Principal
from olagraph_api.security.settings import SecuritySettings
from olagraph_api.settings import AppSettings
from olagraph_api.telemetry.logs import LogFormat, set_up_logs
from olagraph_api.telemetry.metrics import SHARED_FOLDER, Metrics

_LAST_ANSWERS_S = 5
_LONGEST_START_S = 60
_LONGEST_SILENCE_S = 30
_BACKLOG = 2048
_COLLECTIONS = 50_000, 5, 2
"""Of garbage: more than the largest answers consist of, which are free again without being looked through; and rarer
than Python's own, as all of a portfolio is looked through for the little that they leave."""

_SWITCH_S = 0.0001
"""After how long a thread that computes gives way to one that answers, whom numpy makes ask again at every step."""

Ready: TypeAlias = Callable[[], None]
"""Called once, when requests are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What a server takes. Every process of it is made from them, so they can be pickled.

    Attributes:
        store: where the portfolios are; it is made where there is none.
        security: who may do what.
        clock: tells the time.
        local: the name of whoever uses this machine, where there are no accounts.
        log_format: of the log.
        quiet: log what is wrong, and nothing else.
        telemetry: send traces to a collector.
        proxies: addresses that are believed when they say whom they speak for.
        workers: how many processes serve.
    """

    store: Address
    security: SecuritySettings
    clock: Clock
    local: str
    log_format: LogFormat = LogFormat.AUTO
    quiet: bool = False
    telemetry: bool = False
    proxies: tuple[str, ...] = ()
    workers: int = 1


def serve(settings: ServerSettings, listening: socket.socket, *, ready: Ready) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are then answered, and everything is closed.

    Args:
        listening: bound to where requests come in.

    Raises:
        StoreError: the store cannot be reached or made.
        KeyFileError: the key file cannot be read.
        OSError: the audit log cannot be opened.
        ImportError: traces are asked for, and the extra `telemetry` is not installed.
    """
    if settings.workers == 1:
        app = application(settings)
        _begin(settings, listening)
        prepare_interpreter()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end_normally)
        _Server(_config(app, settings), ready).run([listening])
        return
    _check(settings)
    _begin(settings, listening)
    with tempfile.TemporaryDirectory(prefix="olagraph-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        config = _config(partial(_application_of_a_worker, settings), settings, factory=True)
        _Supervisor(config, listening, ready).run()


def application(settings: ServerSettings) -> FastAPI:
    """An application with a store of its own, which it closes when it shuts down; see `serve` for what it raises."""
    from olagraph_api.app import create_app  # a second of work, which supervisors leave to their workers

    made = _app_settings(settings)
    store = open_store(settings.store, create=True)
    try:
        app = create_app(store, made)
    except BaseException:
        store.close()
        raise
    app.router.lifespan_context = partial(_with_store_closed, app.router.lifespan_context, store)
    return app


def _app_settings(settings: ServerSettings) -> AppSettings:
    tracing = None
    if settings.telemetry:
        from olagraph_api.telemetry.tracing import Tracing

        tracing = Tracing.to_collector()
    return AppSettings(
        clock=settings.clock,
        security=settings.security,
        local=Principal.local(settings.local),
        tracing=tracing,
    )


def _check(settings: ServerSettings) -> None:
    """Raise what `application` would: workers have nobody to tell."""
    Desk(_app_settings(settings), Metrics()).close()
    open_store(settings.store, create=True).close()


def _begin(settings: ServerSettings, listening: socket.socket) -> None:
    set_up_logs(settings.log_format, quiet=settings.quiet)
    listening.listen(_BACKLOG)


@asynccontextmanager
async def _with_store_closed(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[object]], store: Store, app: FastAPI
) -> AsyncIterator[None]:
    async with lifespan(app):
        yield
    store.close()
    gc.freeze()  # else the interpreter looks through all the portfolios for garbage before it ends


def _application_of_a_worker(settings: ServerSettings) -> FastAPI:
    set_up_logs(settings.log_format, quiet=settings.quiet)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = application(settings)
    prepare_interpreter()
    return app


def prepare_interpreter() -> None:
    """Have it switch threads soon, and its collector run, which commands do without, as they end soon.

    The collector passes over what is there for good. Where something is frozen, `collector_paused` does not set the
    collector back, which under a steady writer would never come to look through what is old.
    """
    sys.setswitchinterval(_SWITCH_S)
    gc.set_threshold(*_COLLECTIONS)
    gc.enable()
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    """Who was killed cannot end his children."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "workers are started by a supervisor"
    wait([parent.sentinel])
    signal.raise_signal(signal.SIGTERM)


def _end_normally(_number: int, _frame: object) -> None:
    """What the signal is for has been done when it comes here: the server has shut down, and raises it once more."""


def _config(
    app: ASGIApp | Callable[[], FastAPI], settings: ServerSettings, *, factory: bool = False
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=settings.workers,
        ws="websockets-sansio",
        log_config=None,
        access_log=False,  # there is our own
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
        timeout_worker_healthcheck=_LONGEST_SILENCE_S,
    )


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Ready) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


class _Supervisor(Multiprocess):
    """Keeps workers running; tells when all of them are ready."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, ready: Ready) -> None:
        super().__init__(config, [listening])
        self._ready = ready

    def init_processes(self) -> None:
        """Start them, and tell."""
        super().init_processes()
        if all(worker.wait_until_ready(_LONGEST_START_S, self.should_exit) for worker in self.processes):
            self._ready()
