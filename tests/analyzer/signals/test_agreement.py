"""Live and later analysis agree, whatever happens, however it is cut, and whenever time is told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis import Pipeline
from analyzer.records import Tag
from analyzer.signals.loader import shipped_rules
from analyzer.signals.transcript import Happening, Transcript
from tests.support.rules import last_of, rules_of

RULES = rules_of(
    failing='[signal.count]\nat-least = 2\nwithin = "2m"\nsame = "text"\n'
    '[[signal.when]]\ncommand.kind = "command"\noutcomes = ["failed"]\n',
    quiet='[[signal.when]]\nsilence.at-least = "1m"\n',
    left='then-within = "90s"\n[[signal.when]]\ncommand.program = ["stop"]\n'
    '[[signal.then-not]]\ncommand.program = ["start"]\n',
    both='then-within = "90s"\n[[signal.when]]\nsignal = ["quiet"]\n'
    '[[signal.then]]\ncommand.program = ["start"]\n',
    shown="[[signal.when]]\noutput.text = ['still here']\n",
    never="[[signal.when]]\nend = true\n[[signal.unless]]\nedit.file = ['/etc/.*']\n",
    pasted="[[signal.when]]\npaste.lines-at-least = 2\n",
    long='stretch.at-least = "1m"\nstretch.gap = "2m"\n'
    '[[signal.when]]\ncommand.program = ["start", "stop"]\n',
    down='[[signal.when]]\nprobe.result = ["refused"]\n'
    '[[signal.withdrawn-by]]\nprobe.result = ["answered"]\n',
    login='[[signal.when]]\nlogin.outcome = ["accepted", "refused"]\n',
)

LINES = [
    "root@web01:~# stop",
    "root@web01:~# start",
    "root@web01:~# frob",
    "bash: frob: command not found",
    "root@web01:~#",
    "still here",
    "[wait 45]",
    "[wait 100]",
    "[edit /etc/x +a saved]",
    "[paste]\none\ntwo\n[/paste]",
    "[screen]\nstill here\n[/screen]",
    "[probe page refused]",
    "[probe page status=200]",
    "[login 2 candidate password refused]",
    "[login 3 candidate publickey accepted]",
    "[close 1]",
    "[ctrl-c]",
    "[end]",
]
STORIES = st.lists(st.sampled_from(LINES), max_size=25).map("\n".join)


def later(events: list[Happening]) -> list[Tag]:
    pipeline = Pipeline(RULES)
    found = [pipeline.observe(event) for event in events]
    return sorted(last_of([*found, pipeline.finish()]), key=lambda tag: tag.id)


@settings(deadline=None, max_examples=80)
@given(STORIES, st.lists(st.floats(0, 1), max_size=20))
def test_live_gives_the_same_tags_as_later(story: str, shares: list[float]) -> None:
    events = Transcript().play(story)
    pipeline = Pipeline(RULES)
    found = []
    told = 0.0
    for n, event in enumerate(events):
        share = shares[n % len(shares)] if shares else 1.0
        # The clock is told at a moment between two events, as often as somebody looks.
        told = max(told, told + (event.t - told) * share)
        found.append(pipeline.tick(told))
        found.append(pipeline.observe(event))
        told = max(told, event.t)
    live = last_of([*found, pipeline.finish()])
    assert sorted(live, key=lambda tag: tag.id) == later(events)


@settings(deadline=None, max_examples=60)
@given(STORIES, st.integers(0, 400))
def test_a_story_that_is_cut_anywhere_is_analysed_and_the_rest_refines_it(
    story: str, cut: int
) -> None:
    events = Transcript().play(story)
    head = Pipeline(RULES)
    for event in events[:cut]:
        head.observe(event)
    for tag in last_of([head.finish()]):
        assert 0 < tag.confidence <= 1
        assert len(tag.id) <= 64
    whole = Pipeline(RULES)
    found = [whole.observe(event) for event in events]
    again = last_of([*found, whole.finish()])
    assert sorted(again, key=lambda tag: tag.id) == later(events)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(LINES[:6]), st.integers(0, 3)), max_size=12))
def test_equal_times_keep_their_order(parts: list[tuple[str, int]]) -> None:
    events = Transcript().play("\n".join(line for line, _ in parts))
    same: list[Happening] = [replace(event, t=float(int(event.t))) for event in events]
    assert later(same) == later(list(same))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(LINES)), max_size=12))
def test_no_transcript_of_output_makes_it_fail(lines: list[str]) -> None:
    shown = [line if line in LINES else f"x{line}" for line in lines]
    pipeline = Pipeline(shipped_rules())
    for event in Transcript().play("\n".join(shown)):
        pipeline.observe(event)
    pipeline.finish()
