"""Serve the shop, and say whether it could be."""

import signal
from threading import Event, Thread
from typing import TYPE_CHECKING, NoReturn

import click

from ocpizza.cli.common import config_path, one_line, pass_settings
from ocpizza.loading import loading
from ocpizza.settings import SettingError, Settings

if TYPE_CHECKING:
    from ocpizza.live.run import Live
    from ocpizza.operations.work import Worker


@click.command()
@click.option("--gunicorn", is_flag=True, help="With gunicorn, as the service does.")
@pass_settings
def serve(settings: Settings, gunicorn: bool) -> None:
    """Serve the shop, with waitress for development."""
    if gunicorn:
        with loading(), one_line(SettingError):
            from ocpizza.server import Server

            server = Server(config_path(), settings)
        server.run()
    else:
        _serve_for_development(settings)


def _serve_for_development(settings: Settings) -> None:
    with loading(), one_line(SettingError):
        from waitress.server import create_server

        from ocpizza.demo.peers import peers
        from ocpizza.demo.streams import LOOK_AHEAD, THREADS, with_streams
        from ocpizza.metrics.page import door_by_address
        from ocpizza.wsgi import make_application

        application = make_application(settings, door_by_address)
        application = with_streams(application, settings["live.socket"])
    try:
        server = create_server(
            application,
            listen=settings["server.listen"],
            threads=THREADS,
            channel_request_lookahead=LOOK_AHEAD,
            ident=None,
            # `wsgi` judges them, by whom they come from.
            clear_untrusted_proxy_headers=False,
        )
    except (OSError, ValueError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        message = f"cannot listen on {settings['server.listen']}: {why}"
        raise click.ClickException(message) from error
    click.echo(f"OC Pizza: http://{settings['server.listen']}")
    # What services of their own do on a droplet.
    worker, telling = _worker(settings), _live(settings)
    for act in (worker.run, telling.run):
        Thread(target=act, daemon=True).start()
    # Pages that listen would keep the server from ending.
    signal.signal(signal.SIGINT, lambda *_: _end(telling))
    try:
        with peers(settings["demo.peers"], config_path()):
            server.run()
    finally:
        worker.stop.set()
        telling.stop()


def _end(telling: "Live") -> NoReturn:
    telling.stop()
    raise KeyboardInterrupt


@click.command(short_help="Send mail and do what is due later, until stopped.")
@pass_settings
def work(settings: Settings) -> None:
    """Send mail and do whatever else is due later, until told to stop."""
    with loading():
        from ocpizza import error_reports
        from ocpizza.preload import preload

        preload()
        error_reports.load()
    from ocpizza.security_log import act_as, by_itself

    act_as(by_itself)
    worker = _worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.run()


@click.command(short_help="Tell open pages at once that orders changed, until stopped.")
@pass_settings
def live(settings: Settings) -> None:
    """Tell pages that are open that what they show has changed, until told to stop."""
    with loading():
        from ocpizza import error_reports

        error_reports.load()
    serving = _live(settings)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: serving.stop())
    with one_line(OSError):
        serving.run()


def _live(settings: Settings) -> "Live":
    with loading(), one_line(SettingError):
        from ocpizza.db import make_engine
        from ocpizza.live.run import Live

        return Live(make_engine(settings["database.url"], 3), settings)


def _worker(settings: Settings) -> "Worker":
    from ocpizza.db import make_engine
    from ocpizza.operations.work import Worker

    with one_line(SettingError):
        engine = make_engine(settings["database.url"], 2)
    return Worker(engine, settings, Event())


@click.command("check-settings", short_help="Say whether the site could start with these settings.")
@pass_settings
def check_settings(settings: Settings) -> None:
    """Take the settings as the site does, without serving it; fail where that fails."""
    from ocpizza import try_settings

    with loading(), one_line(SettingError):
        try_settings(settings)
    click.echo("the settings are right")
