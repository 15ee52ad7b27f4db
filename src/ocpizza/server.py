"""gunicorn with our settings, as the service runs it.

The application is built before the workers are forked and needs none of its files afterwards: an
upgrade may replace them under a running site.
"""

import gc
import os
from pathlib import Path
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from ocpizza.loading import loading
from ocpizza.logs import formatter
from ocpizza.preload import preload
from ocpizza.settings import SettingError, Settings, load_settings
from ocpizza.wsgi import Application, make_application

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
        preload()
        application = make_application(settings)
        super().__init__()
        self.callable = application

    def load_config(self) -> None:
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        return make_application(self.settings)

    def reload(self) -> None:
        """Take new settings; where they are wrong the site goes on with the old ones."""
        try:
            settings = load_settings(self.config)
            with loading():
                # The application before the last one went with its last request.
                gc.collect()
                application = make_application(settings)
        except SettingError as error:
            log.error("the settings are wrong, the old ones stay", reason=str(error))
            return
        self.settings, self.callable = settings, application
        super().reload()


def options(settings: Settings) -> dict[str, Any]:
    """gunicorn's settings from ours; under systemd the socket is the one it hands over."""
    cores = len(os.sched_getaffinity(0))
    return {
        "bind": f"unix:{settings['server.socket']}",
        "workers": settings["server.workers"] or cores + 1,
        "worker_class": "gthread",
        "threads": settings["server.threads"],
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 30,
        "control_socket_disable": True,
        "proc_name": "ocpizza",
        "logger_class": ServerLog,
        "umask": 0o007,
    }
