"""Scenes: read as written, refused with their line, and complete enough for every session."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.examples.generator import HELD_OUT, _names
from analyzer.models.examples.scenes import Deed, families, parse_scenes
from analyzer.models.words import BY_NAMES, TOPICS
from analyzer.shell import parse
from recorder.errors import UsageError


def test_a_scene_is_read_as_it_is_written() -> None:
    text = "\n".join((
        "# a comment", "== work web proxy", ": configuring", "$ sudo nginx", "  said", "~ 3",
        "@ /etc/x +a -b", ": verifying", "$? nginx -t", "^",
    ))  # fmt: skip
    (scene,) = parse_scenes(text, "x")
    assert (scene.kind, scene.topic, scene.name) == ("work", "web", "proxy")
    first, second = scene.steps
    assert (first.command, first.activity, first.optional) == ("sudo nginx", "configuring", False)
    assert first.deeds == [Deed(" ", "said"), Deed("~", "3"), Deed("@", "/etc/x +a -b")]
    assert (second.activity, second.optional, second.deeds) == ("verifying", True, [Deed("^", "")])


@pytest.mark.parametrize(
    "line", ["== work cooking x", "== nothing web x", ": cooking", "$ ls", "  said", "what", "! 3"]
)
def test_a_line_that_means_nothing_is_named(line: str) -> None:
    with pytest.raises(UsageError, match=r"x\.scenes, line 1"):
        parse_scenes(line, "x.scenes")


@given(st.text(alphabet=st.sampled_from("=$?:~@%<*>^ \nworkweb"), max_size=120))
def test_any_text_gives_scenes_or_a_usage_error(text: str) -> None:
    try:
        parse_scenes(text, "x")
    except UsageError:
        return


@pytest.mark.parametrize("family", sorted(families()))
def test_a_family_has_work_of_every_topic_and_every_kind_of_trouble(family: str) -> None:
    scenes = families()[family]
    worked = {scene.topic for scene in scenes if scene.kind == "work"}
    assert worked == set(TOPICS) - BY_NAMES - {"other"}
    assert sum(scene.kind == "stuck" for scene in scenes) >= 3
    assert sum(scene.kind == "rabbit-hole" for scene in scenes) >= 1
    assert len({(scene.kind, scene.topic, scene.name) for scene in scenes}) == len(scenes)


def test_both_splits_have_families() -> None:
    assert set(families()) > HELD_OUT
    assert len(families()) - len(HELD_OUT) >= 5
    assert len(HELD_OUT) >= 2


def test_no_scene_of_a_held_out_family_is_in_another_one() -> None:
    def said(names: set[str]) -> set[tuple[str, ...]]:
        scenes = [scene for name in names for scene in families()[name]]
        return {tuple(step.command for step in scene.steps) for scene in scenes}

    held_out = set(HELD_OUT)
    assert not said(held_out) & said(set(families()) - held_out)


def test_every_command_of_a_scene_is_one() -> None:
    commands = [
        re.sub(r"\{\{([^{}¦]*)[^{}]*\}\}", r"\1", step.command)
        for scenes in families().values()
        for scene in scenes
        for step in scene.steps
    ]
    assert [command for command in commands if not parse(command)] == []


def test_what_happens_in_a_scene_can_be_played() -> None:
    deeds = [
        (family, deed)
        for family, scenes in families().items()
        for scene in scenes
        for step in scene.steps
        for deed in [Deed("$", step.command), *step.deeds]
    ]
    names = {
        name
        for _, deed in deeds
        for name in re.findall(r"\{\{([^{}]*)\}\}", deed.text)
        if "¦" not in name
    }
    assert names <= set(_names(Random(1)))
    assert [
        each for each in deeds if each[1].sign == "~" and not 0 < float(each[1].text) < 300
    ] == []
    assert [each for each in deeds if each[1].sign == "*" and not each[1].text.isdigit()] == []
    shown = {deed.text.split()[0] for _, deed in deeds if deed.sign == "%"}
    assert shown <= {"apt", "aptupdate", "npm", "log", "ls", "prose", "page"}
