"""Fills in the settings of the script that prepares a target.

What the script does is written in ``prepare.sh`` beside this file; nothing of it is generated. All
that is filled in is quoted for the shell here, and only here; but for what an exercise wants done
beyond that, which is shell itself and the body of one function.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from recorder.errors import UsageError
from recorder.exercise.schema import TargetPlan

_TEMPLATE = Path(__file__).with_name("prepare.sh")
_SETTINGS = re.compile(r"(?<=leaves that part out\n).*?(?=# end of settings)", re.DOTALL)
_OWN_WORDS = re.compile(
    r"(?<=^# the exercise's own words\n).*?(?=^# end of the exercise's own words$)",
    re.DOTALL | re.MULTILINE,
)
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a target gets; an empty string leaves the part out.

    Attributes:
        user: The candidate's account.
        password: The one that is issued.
        sudo: Whether the candidate may become root.
        management_key: A line of OpenSSH's, which may log in as the candidate.
        page: The HTML that Apache serves.
        hop: The only address, or network, that may connect to sshd.
        ssh_port: Where sshd listens, for ``hop``.
        prepare: Shell of the exercise's own, done last.

    """

    user: str
    password: str = ""
    sudo: bool = True
    management_key: str = ""
    page: str = ""
    hop: str = ""
    ssh_port: int = 22
    prepare: str = ""


def setup_of(plan: TargetPlan) -> Setup:
    """Return what an exercise asks of its target; keys and addresses are not an exercise's."""
    return Setup(
        user=plan.user,
        password=plan.password or "",
        sudo=plan.sudo,
        page=plan.page.html if plan.page else "",
        prepare=plan.prepare or "",
    )


def render_script(setup: Setup) -> str:
    """Return the shell script for a target.

    Raises:
        UsageError: A setting cannot be what it is given as.

    """
    if not _USER.fullmatch(setup.user):
        raise UsageError(f"not a user's name: {setup.user!r}", "take small letters and digits")
    for what, value in (("password", setup.password), ("key", setup.management_key)):
        if not _ONE_LINE.fullmatch(value):
            raise UsageError(f"the {what} has more than one line", "give it on one line")
    if "\0" in setup.page:
        raise UsageError("the page is not text", "give an HTML file")
    settings = {
        "CANDIDATE": setup.user,
        "PASSWORD": setup.password,
        "SUDO": "yes" if setup.sudo else "",
        "MANAGEMENT_KEY": setup.management_key,
        "PAGE": setup.page,
        "HOP": _network(setup.hop),
        "SSH_PORT": str(setup.ssh_port),
    }
    lines = "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items())
    script = _TEMPLATE.read_text(encoding="utf-8")
    # First the end of the script: no setting can look like a mark of it by then.
    own = setup.prepare.strip("\n")
    script = _OWN_WORDS.sub(lambda _: f"{own}\n" if own else "", script, count=1)
    return _SETTINGS.sub(lambda _: lines, script, count=1)


def _quoted(value: str) -> str:
    quoted = shlex.quote(value)
    # Readers expect quotes around every value, also where the shell could do without.
    return quoted if quoted.startswith("'") else f"'{quoted}'"


def _network(address: str) -> str:
    """Return an address as packet filters print it, with the length of its prefix."""
    if not address:
        return ""
    try:
        return str(ipaddress.ip_network(address, strict=False))
    except ValueError as error:
        raise UsageError(
            f"not an address: {address!r}",
            "give the IP address from which this jump host reaches the target, or a network",
        ) from error
