"""The language of an exercise's TOML file, as types. What a key means is said here, once.

An exercise is a plan: it says what is read out and asked, how the hour is divided, what of the
target is looked at from outside, what the candidate is told. How anything of it is done does not
belong here, and neither do files and lines.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

FORMAT = 1

LEAST_PAGE_SECONDS = 15
"""Between two looks at a web server; more would crowd the log that the candidate reads."""

LEAST_LOGIN_SECONDS = 180
"""Between two looks at sshd: fewer than five in ten minutes, fail2ban's default, even where it
counts connections that end before a login."""

MOST_SECONDS = 3600

MOST_MINUTES = 24 * 60
"""That a session's clock can have, and so any part of it."""

DAYS = "{days}"
"""Stands in the words of consent for the days that recordings are kept."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Script = Annotated[str, StringConstraints(min_length=1, max_length=65536)]
UserName = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_-]{0,30}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES)]

Item = TypeVar("Item")
# An array of TOML is a list; without guesses about types it would not become a tuple.
Many = Annotated[tuple[Item, ...], Field(strict=False)]


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Part(BaseModel):
    """What every table has: no unknown keys, no guesses about types, names with hyphens."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=_kebab, populate_by_name=True
    )


class Named(Part):
    """What is told from others of its kind by an id."""

    id: Identifier


class Phase(Named):
    """A stretch of the clock.

    Attributes:
        say: What the interviewer reads out as it begins.
        tasks: Whether it is the one that the tasks are read out in.

    """

    title: Line
    minutes: Minutes
    say: Words | None = None
    tasks: bool = False


class Announcement(Part):
    """What is said when so many minutes of the whole exercise are left."""

    left: Minutes
    say: Words


class Clock(Part):
    """How the time is divided; phases follow each other without gaps."""

    phase: Many[Phase] = Field(min_length=1)
    announcement: Many[Announcement] = ()

    @property
    def minutes(self) -> int:
        """The length of the whole."""
        return sum(phase.minutes for phase in self.phase)


class Task(Named):
    """One thing that the candidate is asked to do.

    Attributes:
        say: What is read out.
        text: What they get in writing when they ask for it.
        topics: What work serves it, in the analyzer's words for phases.
        names: Programs, packages and files by which work on it is known, where they would pass
            for work that nobody asked for.

    """

    title: Line
    say: Words
    text: Words
    topics: Many[Identifier] = ()
    names: Many[Line] = ()


class Page(Part):
    """The page that the target serves before anybody works on it; ``html`` is the whole of it."""

    html: Words


class TargetPlan(Part):
    """The server that the exercise takes place on.

    Attributes:
        user: Whom the candidate logs in as.
        password: The one that they are issued; it is meant to be changed.
        sudo: Whether the user may become root.
        page: What its web server shows; None where there is none.
        prepare: Shell that makes the server what the exercise needs, beyond all that; it ends the
            script of `jumpseat target script` and can call that script's functions.

    """

    user: UserName
    password: Line | None = None
    sudo: bool = True
    page: Page | None = None
    prepare: Script | None = None


class HttpProbe(Named):
    """A look at a web server from outside: GET, nothing sent along.

    Attributes:
        host: The name asked for; by default the target's own address.
        contains: Words that the page must hold to count as the one that is meant.
        every: Seconds between two looks.

    """

    kind: Literal["http"]
    title: Line
    scheme: Literal["http", "https"] = "http"
    port: Port | None = None
    path: Annotated[str, StringConstraints(pattern=r"^/[!-~]{0,500}$")] = "/"
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,253}$")] | None = None
    contains: Line | None = None
    every: Annotated[int, Field(ge=LEAST_PAGE_SECONDS, le=MOST_SECONDS)] = 60

    @property
    def real_port(self) -> int:
        """The port, the scheme's own where none was given."""
        return self.port or (443 if self.scheme == "https" else 80)


class LoginProbe(Named):
    """A look at which login methods sshd offers to a user; no secret is tried.

    Attributes:
        user: Must exist on the target: for others sshd logs an invalid user, which can ban.
        every: Seconds between two looks.

    """

    kind: Literal["logins"]
    title: Line
    user: UserName
    every: Annotated[int, Field(ge=LEAST_LOGIN_SECONDS, le=MOST_SECONDS)] = 300


Probe = Annotated[HttpProbe | LoginProbe, Field(discriminator="kind")]


class Consent(Part):
    """What the candidate is told before anything is recorded, shown as a banner before login.

    ``{days}`` in the text stands for the days that recordings are kept.
    """

    text: Annotated[str, StringConstraints(min_length=20, max_length=2000, strip_whitespace=True)]


class Retention(Part):
    """How long recordings are kept, in days from their end."""

    days: Annotated[int, Field(ge=1, le=3650)]


class Question(Named):
    """A question that every session ends with."""

    text: Words


class Information(Named):
    """Something that candidates may be told when they ask, and interviewers should tell alike."""

    title: Line
    text: Words


LEVELS = 5
"""Ratings of a competency: 0 is not enough information, 1 to 4 from weak to exceptional."""

RECOMMENDATIONS = 4
"""Overall recommendations, 1 to 4."""


class Competency(Named):
    """What a card rates.

    Attributes:
        question: What is judged, as a question to whoever fills the card.
        levels: What each level from 0 to 4 looks like, in words.
        topics: Topics of signals whose tags are likely evidence.

    """

    title: Line
    question: Words
    levels: Annotated[tuple[Words, ...], Field(strict=False, min_length=LEVELS, max_length=LEVELS)]
    topics: Many[Identifier] = ()


class Cards(Part):
    """How interviewers' cards are filled.

    Attributes:
        recommendation: What 1 to 4 are called.
        blind_to_tags: Nobody sees the machine's tags before their own card is in; where it is
            false each interviewer may choose so for themselves.

    """

    recommendation: Annotated[
        tuple[Line, ...],
        Field(strict=False, min_length=RECOMMENDATIONS, max_length=RECOMMENDATIONS),
    ] = ("Strong no hire", "No hire", "Hire", "Strong hire")
    blind_to_tags: bool = False


class Exercise(Part):
    """A whole file.

    Attributes:
        say: What the interviewer reads out before the clock starts.

    """

    format: Literal[1]
    title: Line
    summary: Words
    say: Words | None = None
    consent: Consent
    retention: Retention
    target: TargetPlan
    clock: Clock
    task: Many[Task] = Field(min_length=1)
    probe: Many[Probe] = ()
    closing_question: Many[Question] = ()
    information: Many[Information] = ()
    competency: Many[Competency] = ()
    cards: Cards = Cards()

    @property
    def banner(self) -> str:
        """What the candidate is told, as it is shown."""
        return self.consent.text.replace(DAYS, str(self.retention.days))
