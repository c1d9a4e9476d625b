"""`jumpseat target`: prepares the server that a candidate will work on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from recorder.errors import UsageError
from recorder.exercise.loader import DEFAULT, load_exercise
from recorder.keys import load_management_key
from recorder.target_script.render import Setup, render_script, setup_of
from tui.cli.exercise import complete_exercise
from tui.cli.output import say
from tui.cli.settings import Settings
from tui.cli.verbs import Verb, VerbGroup, pass_settings

_EXAMPLES = (
    (
        "jumpseat target script --hop 198.51.100.4",
        "Send it to a file, read that, copy it to the server, run it there as root.",
    ),
    (
        "jumpseat target script --no-page --no-password",
        "Only the account, sudo and the management key.",
    ),
)


@click.command(cls=VerbGroup)
def target() -> None:
    """Prepare the server that a candidate will work on."""


@target.command("script", cls=Verb, examples=_EXAMPLES)
@click.option(
    "--exercise",
    metavar="EXERCISE",
    default=DEFAULT,
    show_default=True,
    shell_complete=complete_exercise,
    help="Whose user, password, page and own part the server gets.",
)
@click.option("--user", metavar="NAME", help="Another user than the exercise's.")
@click.option("--password", metavar="WORD", help="Another password to issue.")
@click.option("--no-password", is_flag=True, help="Leave passwords as they are.")
@click.option("--no-sudo", is_flag=True, help="Do not let the candidate become root.")
@click.option(
    "--page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Another page for Apache to serve.",
)
@click.option("--no-page", is_flag=True, help="Leave the web server as it is.")
@click.option("--no-prepare", is_flag=True, help="Leave out what the exercise itself prepares.")
@click.option(
    "--no-management-key",
    is_flag=True,
    help="Do not let this jump host log in by itself; it then needs the candidate's password.",
)
@click.option("--hop", metavar="ADDR", help="Let only this address reach sshd: the jump host's.")
@click.option(
    "--ssh-port",
    metavar="PORT",
    type=click.IntRange(1, 65535),
    default=22,
    show_default=True,
    help="Where sshd listens, for --hop.",
)
@pass_settings
def script(
    settings: Settings,
    /,
    exercise: str,
    user: str | None,
    password: str | None,
    page: Path | None,
    hop: str | None,
    ssh_port: int,
    **without: bool,
) -> None:
    """Print a shell script that prepares a server; run again on it, it changes nothing.

    For Ubuntu 16.04 or later, Debian 11 or later. It creates the candidate with sudo and the issued
    password, puts this jump host's management key outside the candidate's home, lets Apache serve
    the page that must stay up, with --hop closes sshd to everybody else, and does what the exercise
    prepares by itself. Each can be left out.
    """
    if (page and without["no_page"]) or (password and without["no_password"]):
        raise UsageError("a part cannot be both given and left out", "drop one of the two options")
    setup = setup_of(load_exercise(settings.home, exercise).plan.target)
    setup = replace(
        setup,
        user=user or setup.user,
        password="" if without["no_password"] else password or setup.password,
        sudo=setup.sudo and not without["no_sudo"],
        page="" if without["no_page"] else _read(page) if page else setup.page,
        hop=hop or "",
        ssh_port=ssh_port,
        prepare="" if without["no_prepare"] else setup.prepare,
    )
    if not without["no_management_key"]:
        setup = replace(setup, management_key=_management_key(settings))
    click.echo(render_script(setup), nl=False)
    _explain(setup)


def _management_key(settings: Settings) -> str:
    key = load_management_key(settings.home.ensure())
    return key.export_public_key().decode("ascii").strip()


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise UsageError(f"cannot read {page} ({reason})", "give an HTML file") from error


def _explain(setup: Setup) -> None:
    if setup.hop:
        say(
            f"only {setup.hop} will reach sshd on that server from now on; connections that are"
            " open stay open"
        )
    else:
        say("without --hop, a candidate who knows the server's address can walk past the jump host")
