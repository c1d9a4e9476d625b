from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from recorder.control.messages import (
    Allow,
    Close,
    Extend,
    NewSession,
    Repinned,
    StartClock,
    decode_request,
    encode,
    failure,
    read_answer,
    success,
)
from recorder.control.options import SessionOptions
from recorder.errors import AddressError, ControlError, JumpseatError, TargetError, UsageError

words = st.text(min_size=1, max_size=30)
options = st.builds(
    SessionOptions,
    target=words,
    listen=st.none() | words,
    candidate=st.none() | words,
    exercise=st.none() | words,
    consent=st.sampled_from(["banner", "elsewhere"]),
    consent_text=st.none() | words,
    minutes=st.none() | st.floats(0.01, 1000),
    unconfined=st.booleans(),
)
requests = st.one_of(
    st.builds(NewSession, options=options),
    st.builds(Allow, session=words, address=words, force=st.booleans()),
    st.builds(Extend, session=words, minutes=st.floats(0.01, 1000)),
    st.builds(StartClock, session=words),
    st.builds(Close, session=words),
    st.builds(Repinned, session=words),
)


@given(request=requests)
def test_every_request_round_trips_in_one_line(request: BaseModel) -> None:
    line = encode(request)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


@given(request=requests, data=st.data())
def test_a_request_cut_anywhere_is_refused(request: BaseModel, data: st.DataObject) -> None:
    line = encode(request)
    with pytest.raises(ControlError):
        decode_request(line[: data.draw(st.integers(0, len(line) - 2))])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(line=st.binary(max_size=80) | json_values.map(lambda value: json.dumps(value).encode()))
def test_only_the_declared_errors_escape_from_any_line(line: bytes) -> None:
    with suppress(ControlError):
        decode_request(line)
    with suppress(JumpseatError):
        read_answer(line)


@pytest.mark.parametrize(
    "line",
    [
        b'{"verb":"dance","session":"k7"}',
        b'{"verb":"extend","session":"k7","minutes":0}',
        b'{"verb":"extend","session":"k7","minutes":"NaN"}',
        b'{"verb":"allow","session":"k7","address":"x","forse":true}',
        b'{"verb":"new","options":{"target":""}}',
    ],
)
def test_a_request_that_makes_no_sense_names_the_place(line: bytes) -> None:
    with pytest.raises(ControlError, match="cannot be understood"):
        decode_request(line)


@given(value=json_values)
def test_a_result_comes_back_as_it_went(value: object) -> None:
    assert read_answer(encode(success(value))) == value


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (UsageError("a", "b"), UsageError),
        (AddressError("a", "b"), AddressError),
        (ControlError("a"), ControlError),
        (TargetError("a", "b"), ControlError),
    ],
)
def test_an_error_comes_back_with_cause_and_remedy(
    error: JumpseatError, kind: type[JumpseatError]
) -> None:
    with pytest.raises(kind) as caught:
        read_answer(encode(failure(error)))
    assert (caught.value.cause, caught.value.remedy) == (error.cause, error.remedy)
