"""What must come before, between and after: windows, absence, counts, stretches, withdrawal."""

from __future__ import annotations

import pytest

from analyzer.records import Tag
from analyzer.signals.schema import Rules
from tests.support.rules import all_tags, rules_of, tags


def run(*lines: str) -> str:
    """Return a story of commands without output; what is in brackets stays as it is."""
    prompt = "root@web01:~#"
    shown = [f"{prompt}\n{line}" if line[0] == "[" else f"{prompt} {line}" for line in lines]
    return "\n".join([*shown, "root@web01:~#"])


def when(program: str) -> str:
    return f'[[signal.when]]\ncommand.program = ["{program}"]\nsilent = "ok"\n'


def part(role: str, program: str) -> str:
    return f'[[signal.{role}]]\ncommand.program = ["{program}"]\nsilent = "ok"\n'


def states(rules: Rules, story: str) -> list[str]:
    return [tag.state for tag in all_tags(rules, story)]


def of(found: list[Tag], name: str) -> list[Tag]:
    return [tag for tag in found if tag.signal == name]


AFTER = rules_of(hit='after-within = "1m"\n' + part("after", "one") + when("two"))


def test_after_needs_what_was_before_and_not_too_long_ago() -> None:
    (tag,) = tags(AFTER, run("one", "[wait 40]", "two"))
    assert [each.text for each in tag.evidence] == ["one", "two"]
    assert not tags(AFTER, run("two", "one"))
    assert not tags(AFTER, run("one", "[wait 70]", "two"))


def test_within_one_line_the_order_counts() -> None:
    assert tags(AFTER, run("one && two"))
    assert not tags(AFTER, run("two && one"))


def test_what_failed_was_not_there() -> None:
    story = "root@web01:~# one\nbash: one: command not found\nroot@web01:~# two\nroot@web01:~#"
    assert not tags(AFTER, story)


UNLESS = rules_of(hit=part("unless", "backup") + when("edit"))


def test_unless_looks_back_to_the_start() -> None:
    assert tags(UNLESS, run("edit", "backup"))
    assert not tags(UNLESS, run("backup", "ls", "edit"))
    assert not tags(UNLESS, run("backup && edit"))
    assert tags(UNLESS, run("edit && backup"))


def test_unless_may_look_back_only_to_the_after() -> None:
    rules = rules_of(
        hit='unless-since = "after"\n' + part("after", "one") + part("unless", "stop") + when("two")
    )
    assert tags(rules, run("stop", "one", "two"))
    assert not tags(rules, run("one", "stop", "two"))


def test_a_tag_is_withdrawn_by_what_comes_soon_enough() -> None:
    rules = rules_of(hit='withdrawn-within = "1m"\n' + when("stop") + part("withdrawn-by", "start"))
    assert states(rules, run("stop", "[wait 30]", "start")) == ["withdrawn"]
    assert states(rules, run("stop", "[wait 90]", "start")) == ["established"]


def test_then_must_follow_and_gives_the_moment() -> None:
    rules = rules_of(hit='then-within = "1m"\n' + when("one") + part("then", "two"))
    (tag,) = tags(rules, run("one", "[wait 30]", "two"))
    assert tag.t == pytest.approx(tag.evidence[-1].t, abs=2)
    assert [each.text for each in tag.evidence] == ["one", "two"]
    assert not tags(rules, run("one", "[wait 90]", "two"))
    assert not tags(rules, run("two", "one"))


NOT = rules_of(hit='then-within = "1m"\n' + when("stop") + part("then-not", "start"))


def test_an_absence_is_tagged_when_its_time_is_over_and_cites_what_was_searched() -> None:
    (tag,) = tags(NOT, run("stop", "[wait 90]", "start"))
    assert tag.evidence[-1].kind == "silence"
    assert tag.t == pytest.approx(tag.evidence[-1].t + 60)
    assert not tags(NOT, run("stop", "[wait 30]", "start", "[wait 90]", "ls"))


def test_an_absence_that_the_end_broke_is_undetermined() -> None:
    assert states(NOT, run("stop", "[wait 30]", "ls")) == ["undetermined"]


COUNT = rules_of(hit='[signal.count]\nat-least = 3\nwithin = "5m"\nsame = "text"\n' + when("frob"))


def test_a_count_is_complete_with_its_last_match_and_goes_on_as_one_tag() -> None:
    (tag,) = tags(COUNT, run("frob a", "frob b", "frob a", "frob a", "frob a"))
    assert [each.text for each in tag.evidence] == ["frob a"] * 3
    assert not tags(COUNT, run("frob a", "frob b", "frob a", "frob c"))


def test_a_count_has_a_window_and_may_come_again_after_it() -> None:
    assert not tags(COUNT, run("frob", "frob", "[wait 400]", "frob"))
    assert len(tags(COUNT, run(*["frob"] * 3, "[wait 400]", *["frob"] * 3))) == 2


def test_a_count_starts_again_where_it_is_reset() -> None:
    rules = rules_of(
        hit="[signal.count]\nat-least = 2\n" + when("frob") + part("count.reset-by", "fixed")
    )
    assert tags(rules, run("frob", "frob"))
    assert not tags(rules, run("frob", "fixed", "frob"))


def test_different_things_can_be_counted() -> None:
    rules = rules_of(hit='[signal.count]\nat-least = 3\ndistinct = "text"\n' + when("frob"))
    assert tags(rules, run("frob a", "frob b", "frob c"))
    assert not tags(rules, run("frob a", "frob b", "frob a", "frob b"))


STRETCH = rules_of(
    hit='unless-since = "stretch"\nstretch.at-least = "5m"\nstretch.gap = "3m"\n'
    + when("frob")
    + part("unless", "fixed")
)


def test_a_stretch_needs_its_length_and_no_long_gap_and_tells_its_end() -> None:
    (tag,) = tags(STRETCH, run(*["frob", "[wait 120]"] * 6))
    assert tag.until is not None
    assert 300 <= tag.t < tag.until
    assert not tags(STRETCH, run(*["frob", "[wait 200]"] * 4))
    assert not tags(STRETCH, run(*["frob", "[wait 120]"] * 2))


def test_a_stretch_is_broken_by_what_must_not_lie_in_it() -> None:
    half = ["frob", "[wait 120]"] * 2
    assert tags(STRETCH, run(*half, "ls", *half))
    assert not tags(STRETCH, run(*half, "fixed", *half))


def test_what_comes_again_at_once_is_one_tag_with_a_cooldown() -> None:
    rules = rules_of(hit='cooldown = "2m"\n' + when("frob"))
    story = run("frob", "[wait 60]", "frob", "[wait 60]", "frob", "[wait 200]", "frob")
    assert len(tags(rules, story)) == 2
    assert len(tags(rules_of(hit=when("frob")), story)) == 4


def test_first_only_is_once_but_for_one_that_was_withdrawn() -> None:
    rules = rules_of(hit='fires = "first"\n' + when("frob") + part("withdrawn-by", "undo"))
    assert len(tags(rules, run("frob", "ls", "frob"))) == 1
    assert states(rules, run("frob", "undo", "frob")) == ["withdrawn", "established"]


def test_a_signal_rests_on_another_and_goes_with_it() -> None:
    rules = rules_of(
        second='[[signal.after]]\nsignal = ["first"]\n' + when("look"),
        third='[[signal.when]]\nsignal = ["first"]\n',
        first=when("break") + part("withdrawn-by", "mend"),
    )
    found = all_tags(rules, run("break", "look", "mend", "look"))
    assert [tag.state for tag in of(found, "first")] == ["withdrawn"]
    assert [tag.state for tag in of(found, "third")] == ["withdrawn"]
    assert len(of(found, "second")) == 1
    assert not of(all_tags(rules, run("look", "break")), "second")


def test_what_was_taken_back_prevents_nothing() -> None:
    rules = rules_of(
        never='[[signal.unless]]\nsignal = ["first"]\n' + when("look"),
        first=when("break") + part("withdrawn-by", "mend"),
    )
    assert not of(tags(rules, run("break", "look")), "never")
    assert of(tags(rules, run("break", "mend", "look")), "never")
    assert not of(tags(rules, run("break", "mend", "break", "look")), "never")


def test_what_was_taken_back_has_no_cooldown() -> None:
    rules = rules_of(hit='cooldown = "5m"\n' + when("stop") + part("withdrawn-by", "start"))
    assert states(rules, run("stop", "start", "stop")) == ["withdrawn", "established"]
    assert states(rules, run("stop", "stop", "start", "stop")) == ["withdrawn", "established"]
    assert states(rules, run("stop", "start", "stop", "stop")) == ["withdrawn", "established"]


def test_what_something_followed_upon_has_no_cooldown() -> None:
    body = 'cooldown = "5m"\nthen-within = "1m"\n' + when("stop")
    absent = rules_of(hit=body + part("then-not", "start"))
    assert len(tags(absent, run("stop", "start", "stop", "[wait 90]", "ls"))) == 1
    present = rules_of(hit=body + part("then", "start"))
    assert len(tags(present, run("stop", "[wait 90]", "stop", "start"))) == 1


def test_a_macro_stands_for_its_patterns() -> None:
    head = (
        '[[macros.changes]]\ncommand.program = ["one"]\n'
        '[[macros.changes]]\ncommand.program = ["two"]\n'
    )
    rules = rules_of(head, hit='[[signal.when]]\nuse = "changes"\n')
    assert len(tags(rules, run("one", "two", "three"))) == 2


def test_what_was_tagged_in_doubt_and_turns_out_otherwise_is_withdrawn() -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    from analyzer.edits.record import FileEdit  # noqa: PLC0415 - only here
    from analyzer.signals.engine import Engine  # noqa: PLC0415 - only here

    edit = FileEdit(
        id="c1-1-1",
        command="c",
        connection=1,
        channel=1,
        t=1.0,
        path="/x",
        via="editor",
        saved="unknown",
    )
    engine = Engine(rules_of(hit="[[signal.when]]\nedit.file = ['/x']\n"))
    (doubt,) = engine.observe_edit(edit)
    (back,) = engine.observe_edit(replace(edit, t=2.0, saved="no"))
    assert (doubt.outcome, back.state, back.id) == ("unknown", "withdrawn", doubt.id)
    sure = Engine(rules_of(hit="[[signal.when]]\nedit.file = ['/x']\n"))
    sure.observe_edit(edit)
    (better,) = sure.observe_edit(replace(edit, t=2.0, saved="yes"))
    assert (better.outcome, better.t) == ("ok", 1.0)
    absent = "then-within = '1m'\n[[signal.when]]\nedit.file = ['/x']\n" + part("then-not", "ls")
    waits = Engine(rules_of(hit=absent))
    assert waits.observe_edit(edit) == waits.observe_edit(replace(edit, t=2.0, saved="no")) == []
    assert waits.advance(100.0) == []
