"""gunicorn with our settings, as the service runs it.

The application is built before the workers are forked and needs none of its files afterwards: an
upgrade may replace them under a running site.
"""

import gc
import os
import socket
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from pyramid.config import global_registries

from ocpizza import watched_worker
from ocpizza.loading import loading
from ocpizza.logs import formatter
from ocpizza.metrics.shared import Seats
from ocpizza.overlay.errors import in_one_line
from ocpizza.overlay.modules import forget_replaced
from ocpizza.preload import preload
from ocpizza.rehearsal import rehearse
from ocpizza.settings import SettingError, Settings, load_settings
from ocpizza.wsgi import Application, make_application

# What systemd calls the socket of ocpizza-metrics.socket, and the first that it hands over.
METRICS, FIRST = "metrics", 3
log = structlog.get_logger()


class ServerLog(Logger):
    """gunicorn's lines, which quote requests that it cannot read, written as ours are."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())


class Server(BaseApplication):
    """gunicorn, told what to serve and how. Raises SettingError for settings that are wrong."""

    def __init__(self, config: Path, settings: Settings) -> None:
        self.config, self.settings = config, settings
        self.seats = Seats(settings["server.socket"].parent / "metrics")
        self.seats.empty()
        self._metrics = handed_over(METRICS)
        preload()
        application = make_application(settings, self._asks_for_figures)
        super().__init__()
        self.callable = application

    def load_config(self) -> None:
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("pre_fork", self._find_seat)
        self.cfg.set("post_fork", self._begin_worker)
        self.cfg.set("post_worker_init", _rehearse)
        self.cfg.set("child_exit", lambda _arbiter, worker: self.seats.leave(worker.seat))

    def load(self) -> Application:
        return make_application(self.settings, self._asks_for_figures)

    def _begin_worker(self, _arbiter: Any, worker: Any) -> None:
        self.seats.sit(worker.seat)
        # For one that hangs before its first sign of life gunicorn would wait for ever.
        worker.notify()

    def _find_seat(self, arbiter: Any, worker: Any) -> None:
        worker.seat = self.seats.take({each.seat for each in arbiter.WORKERS.values()})

    def _asks_for_figures(self, environ: MutableMapping[str, Any]) -> bool:
        """Whether a request came by the socket that is for nothing else."""
        # nginx, and whoever is behind it, has no address here: it comes by the unix socket.
        if not self._metrics or not environ.get("REMOTE_ADDR"):
            return False
        return bool(environ["gunicorn.socket"].getsockname()[:2] == self._metrics)

    def reload(self) -> None:
        """Take new settings; where that fails, for whatever reason, the site goes on as it is."""
        try:
            settings = load_settings(self.config)
            with loading():
                # The application before the last one went with its last request.
                gc.collect()
                application = make_application(settings, self._asks_for_figures)
                forget_replaced()
        except SettingError as error:
            log.error("the settings are wrong, the old ones stay", reason=str(error))
            return
        except Exception as error:
            log.error("the site cannot be made anew, the old one stays", reason=in_one_line(error))
            return
        self.settings, self.callable = settings, application
        super().reload()


def _rehearse(_worker: Any) -> None:
    """With the application made last, which the process was forked with."""
    rehearse(global_registries.last["engines"])


def handed_over(name: str) -> tuple[str, int] | None:
    """Return the address of a socket that systemd hands over by this name, None if it has none."""
    names = os.environ.get("LISTEN_FDNAMES", "").split(":")
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or name not in names:
        return None
    with socket.socket(fileno=os.dup(FIRST + names.index(name))) as handed:
        address: tuple[str, int] = handed.getsockname()[:2]
    return address


def options(settings: Settings) -> dict[str, Any]:
    """gunicorn's settings from ours; under systemd the socket is the one it hands over."""
    cores = len(os.sched_getaffinity(0))
    return {
        "bind": f"unix:{settings['server.socket']}",
        "workers": settings["server.workers"] or cores + 1,
        "worker_class": watched_worker.WatchedWorker,
        "threads": settings["server.threads"],
        "preload_app": True,
        "timeout": watched_worker.HUNG,
        "graceful_timeout": 30,
        "control_socket_disable": True,
        "proc_name": "ocpizza",
        "logger_class": ServerLog,
        "umask": 0o007,
    }
