"""Dots stand where their figures are; plots hold what comes from outside as text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from analyzer.calibration.leniency import Leniency
from analyzer.calibration.ratings import Figure, too_few
from tui.calibration.plot import WIDE, axis, dots, reach, words
from tui.calibration.svg import dot_plot, leniency_svg

HIGHER = Figure(value=0.5, low=0.25, high=0.75, cases=9)
LIKE = Figure(value=0.0, low=-0.25, high=0.25, cases=9)
SVG = "{http://www.w3.org/2000/svg}"


def test_a_dot_stands_where_its_figure_is_and_its_interval_around_it() -> None:
    assert dots(HIGHER, 1, 9) == "····│─●─·"
    assert dots(LIKE, 1, 9) == "···─●─···"
    assert dots(Figure(value=-1.0, cases=9), 1, 9) == "●···│····"
    assert dots(too_few(2), 1) == ""
    assert axis(1, 9) == "-1  0  +1"


def test_words_say_what_the_interval_allows() -> None:
    found = [Leniency(rater="ada", figure=each) for each in (HIGHER, LIKE, too_few(3, 5))]
    assert [words(each) for each in found] == [
        "rates higher",
        "as the others",
        "too few: 3 of 5 needed",
    ]


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3).map(sorted))
def test_all_that_is_drawn_is_on_the_axis(values: list[float]) -> None:
    figure = Figure(value=values[1], low=values[0], high=values[2], cases=9)
    end = reach([figure])
    drawn = dots(figure, end)
    assert len(drawn) == WIDE == len(axis(end))
    assert drawn.count("●") == 1
    assert max(map(abs, values)) <= end


def test_an_axis_with_nothing_on_it_has_ends() -> None:
    assert reach([]) == reach([too_few(0)]) == 0.5


def test_the_picture_is_xml_whatever_a_rater_is_called() -> None:
    hostile = "<script>\x1b[31m&\u202e" + "x" * 50
    found = [
        Leniency(rater=hostile, figure=HIGHER),
        Leniency(rater="grace", figure=too_few(3, 5)),
    ]
    drawn = ET.fromstring(leniency_svg(found))  # noqa: S314 - our own
    texts = [each.text or "" for each in drawn.iter(f"{SVG}text")]
    assert any(each.startswith("<script>") for each in texts)
    assert all("\x1b" not in each and "\u202e" not in each for each in texts)
    assert "+0.50 (+0.25 to +0.75)" in texts
    assert "too few: 3 of 5 needed" in texts


def test_a_figure_stands_at_its_place_in_the_picture() -> None:
    drawn = ET.fromstring(dot_plot("t", [("a", LIKE), ("b", HIGHER)], (-1.0, 0.0, 1.0)))  # noqa: S314 - our own
    middle, right = (float(each.get("cx", 0)) for each in drawn.iter(f"{SVG}circle"))
    ticks = [float(each.get("x1", 0)) for each in drawn.iter(f"{SVG}line")][:3]
    assert middle == ticks[1]
    assert right == (ticks[1] + ticks[2]) / 2
