"""Who sits at the keyboard of a made-up session: habits as numbers. Only values.

The numbers are guesses that were held against what is known of real sessions (median gap between
commands 13 s, one in ten over two minutes), not measured on people.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Habits; chances are from 0 to 1.

    Attributes:
        name: The group that splits keep together.
        key: Seconds between two keys.
        slips: Chance of a wrong key.
        think: Median seconds before a command.
        idle: Chance, before a command, of three to ten minutes in which nothing happens.
        browses: Chance, before a command, of half a minute to three in a browser.
        verifies: Chance that a check that can be left out is made.
        reads: Chance that reading that can be left out is done.
        stuck: Chance, at each piece of work, to get stuck in it.
        wanders: Chance, at each piece of work, to fall into a rabbit hole.
        asides: Chance, at each piece of work, of a short look elsewhere or a passing failure.
        typos: Chance that a command is entered mistyped, and then typed again.
        pastes: Chance that a long command is pasted.
        interludes: Chance, after a step, of something small in between.
        recalls: Chance that a line of the history is brought back instead of typed.
        root: Works in root's shell.
        terminals: How many terminals are used.
        ssh_first: Chance that logins are worked on before the blog.

    """

    name: str
    key: float = 0.13
    slips: float = 0.015
    think: float = 9.0
    idle: float = 0.012
    browses: float = 0.1
    verifies: float = 0.6
    reads: float = 0.4
    stuck: float = 0.12
    wanders: float = 0.04
    asides: float = 0.25
    typos: float = 0.02
    pastes: float = 0.1
    interludes: float = 0.1
    recalls: float = 0.5
    root: bool = False
    terminals: int = 1
    ssh_first: float = 0.3


PERSONAS: tuple[Persona, ...] = (
    Persona(
        name="careful", interludes=0.15, think=14, verifies=0.95, reads=0.6, stuck=0.05, asides=0.15
    ),
    Persona(
        name="fast", browses=0.03, key=0.07, think=4, verifies=0.3, reads=0.1, slips=0.03, stuck=0.1
    ),
    Persona(name="stubborn", think=7, verifies=0.3, reads=0.15, stuck=0.4, asides=0.2),
    Persona(name="copier", browses=0.3, think=12, pastes=0.8, reads=0.2, stuck=0.15, recalls=0.2),
    Persona(name="two-terminals", think=8, terminals=2, verifies=0.7, key=0.1),
    Persona(name="root-only", think=7, root=True, verifies=0.4, key=0.1),
    Persona(
        name="novice", key=0.24, slips=0.05, think=17, typos=0.08, stuck=0.25, reads=0.6, idle=0.02
    ),
    Persona(name="wanderer", interludes=0.2, think=10, wanders=0.25, asides=0.45, stuck=0.06),
    Persona(name="reader", browses=0.2, think=13, reads=0.95, idle=0.02, asides=0.15),
    Persona(name="interrupted", think=11, idle=0.06, stuck=0.06),
    Persona(name="orderly", think=8, ssh_first=0.9, verifies=0.85, stuck=0.05, wanders=0.02),
    Persona(name="erratic", think=6, key=0.09, typos=0.05, asides=0.5, stuck=0.2, wanders=0.12),
)
