"""Objects that become more than what a library has made them."""

from __future__ import annotations

from typing import ClassVar

from recorder.hop.adoption import adopt


class Made:
    _packet_handlers: ClassVar = {1: "made", 2: "made"}

    def name(self) -> str:
        return "made"

    def act(self) -> str:
        return self.name()


class Login(Made):
    own_packet_handlers: ClassVar = {2: "login", 3: "login"}

    def name(self) -> str:
        return f"login of {super().name()}"


class Link(Made):
    own_packet_handlers: ClassVar = {3: "link"}

    def name(self) -> str:
        return f"link of {super().name()}"


def test_what_an_object_became_before_it_stays() -> None:
    thing = Made()
    assert adopt(thing, Login) is thing
    linked = adopt(thing, Link)
    assert linked is thing
    assert isinstance(thing, Login)
    assert linked.act() == "link of login of made"
    assert linked._packet_handlers == {1: "made", 2: "login", 3: "link"}


def test_to_become_the_same_twice_changes_nothing() -> None:
    thing = adopt(Made(), Link)
    kind = type(thing)
    assert type(adopt(thing, Link)) is kind
    assert type(adopt(Made(), Link)) is kind
