"""Serve the shop, and say whether it could be."""

import click

from ocpizza.cli.common import config_path, one_line, pass_settings
from ocpizza.settings import SettingError, Settings


@click.command()
@click.option("--gunicorn", is_flag=True, help="With gunicorn, as the service does.")
@pass_settings
def serve(settings: Settings, gunicorn: bool) -> None:
    """Serve the shop, with waitress for development."""
    if gunicorn:
        from ocpizza.server import Server

        with one_line(SettingError):
            server = Server(config_path(), settings)
        server.run()
    else:
        _serve_for_development(settings)


def _serve_for_development(settings: Settings) -> None:
    import waitress

    from ocpizza import main as make_application

    with one_line(SettingError):
        application = make_application(settings)
    click.echo(f"OC Pizza: http://{settings['server.listen']}")
    try:
        waitress.serve(application, listen=settings["server.listen"], threads=8, ident=None)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        message = f"cannot listen on {settings['server.listen']}: {why}"
        raise click.ClickException(message) from error


@click.command("check-settings")
@pass_settings
def check_settings(settings: Settings) -> None:
    """Build the application from the settings without serving it; fail where that fails."""
    from ocpizza import main as make_application

    with one_line(SettingError):
        make_application(settings)
    click.echo("the settings are right")
