"""The login's messages: read as the RFCs write them, cut short at every byte, never printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asyncssh.packet import Boolean, Byte, String, UInt32
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop import userauth

NAMES = st.binary(max_size=40)
METHODS = st.lists(st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True), max_size=6)


@given(NAMES, NAMES)
def test_password_comes_through_byte_by_byte(user: bytes, password: bytes) -> None:
    payload = userauth.password_request(user, password)
    request = userauth.parse_request(payload)
    assert (request.user, request.method, request.payload) == (user, "password", payload)
    assert request.body == userauth.Password(password=password)


@given(NAMES, NAMES)
def test_wish_to_change_a_password(old: bytes, new: bytes) -> None:
    head = userauth.password_request(b"candidate", b"")[:-5]
    request = userauth.parse_request(head + Boolean(True) + String(old) + String(new))
    assert request.body == userauth.Password(password=old, new=new)


@given(NAMES, NAMES, NAMES)
def test_key_with_its_proof(algorithm: bytes, blob: bytes, signature: bytes) -> None:
    part = userauth.key_request(b"candidate", algorithm, blob, signed=True)
    request = userauth.parse_request(part + String(signature))
    assert request.body == userauth.Key(
        algorithm=algorithm, blob=blob, signature=signature, signed=part
    )


@given(NAMES, NAMES)
def test_only_the_answer_for_this_very_key_accepts_it(algorithm: bytes, blob: bytes) -> None:
    offer = userauth.parse_request(userauth.key_request(b"candidate", algorithm, blob))
    key = offer.body
    assert isinstance(key, userauth.Key)
    assert key.signature is None
    answer = Byte(userauth.CONTINUATION) + String(algorithm) + String(blob)
    assert userauth.accepts_key(answer, key)
    assert not userauth.accepts_key(answer + b"\0", key)
    assert not userauth.accepts_key(Byte(userauth.FAILURE) + answer[1:], key)
    question = Byte(userauth.CONTINUATION) + String("PAM") + String("") + String("") + UInt32(0)
    assert not userauth.accepts_key(question, key)


@given(METHODS, st.booleans())
def test_what_is_offered_keeps_its_order(methods: list[str], partial: bool) -> None:
    found = userauth.parse_failure(userauth.failure(methods, partial=partial))
    assert (list(found.methods), found.partial) == (methods, partial)


@given(st.lists(st.tuples(st.text(max_size=20), st.booleans()), max_size=5))
def test_question_with_its_prompts(prompts: list[tuple[str, bool]]) -> None:
    asked = b"".join(String(text) + Boolean(shown) for text, shown in prompts)
    payload = Byte(userauth.CONTINUATION) + String("") * 3 + UInt32(len(prompts)) + asked
    assert list(userauth.parse_question(payload).prompts) == prompts


@given(st.lists(NAMES, max_size=5))
def test_answers_to_prompts(words: list[bytes]) -> None:
    assert userauth.parse_answers(userauth.answers(*words)) == tuple(words)


@given(NAMES, NAMES)
def test_certificate_is_signed_with_its_key(algorithm: bytes, blob: bytes) -> None:
    key = userauth.Key(algorithm=algorithm + b"-cert-v01@openssh.com", blob=blob)
    assert userauth.signature_algorithm(key) == algorithm


WHOLE: list[tuple[Callable[[bytes], object], bytes]] = [
    (userauth.parse_request, userauth.password_request(b"candidate", b"secret")),
    (userauth.parse_request, userauth.key_request(b"candidate", b"ssh-ed25519", b"blob")),
    (
        userauth.parse_request,
        userauth.key_request(b"candidate", b"ssh-ed25519", b"blob", signed=True) + String(b"sig"),
    ),
    (userauth.parse_failure, userauth.failure(["publickey", "password"])),
    (userauth.parse_answers, userauth.answers(b"one", b"two")),
]


@pytest.mark.parametrize(("parse", "payload"), WHOLE)
def test_message_that_is_cut_short(parse: Callable[[bytes], object], payload: bytes) -> None:
    parse(payload)
    for end in range(len(payload)):
        with pytest.raises(userauth.MalformedError):
            parse(payload[:end])


@given(
    st.sampled_from(
        [
            userauth.parse_request,
            userauth.parse_failure,
            userauth.parse_question,
            userauth.parse_answers,
        ]
    ),
    st.binary(max_size=200),
)
def test_noise_is_refused_by_its_own_error(parse: Callable[[bytes], object], noise: bytes) -> None:
    for payload in (noise, *(bytes([kind]) + noise for kind in (50, 51, 60, 61))):
        try:
            parse(payload)
        except userauth.MalformedError:
            continue


@given(st.sampled_from(WHOLE), st.integers(0, 200), st.binary(max_size=6), st.integers(0, 6))
def test_damaged_message_is_refused_or_read_as_it_is(
    message: tuple[Callable[[bytes], object], bytes], place: int, put: bytes, lost: int
) -> None:
    parse, whole = message
    place %= len(whole)
    payload = whole[:place] + put + whole[place + lost :]
    try:
        found = parse(payload)
    except userauth.MalformedError:
        return
    # What was read is in the payload: nothing is made up, whatever the lengths in it say.
    match found:
        case userauth.Request(body=userauth.Password(password=password, new=None)):
            assert payload.endswith(String(password))
        case userauth.Request(body=userauth.Key(algorithm=algorithm, blob=blob, signed=signed)):
            assert String(algorithm) + String(blob) in (signed or payload)
            assert payload.startswith(signed)
        case userauth.Failure(methods=methods):
            assert all(len(method) <= len(payload) for method in methods)
        case tuple() as words:
            assert payload.startswith(userauth.answers(*words))


def test_nothing_that_is_printed_shows_a_secret() -> None:
    request = userauth.parse_request(userauth.password_request(b"candidate", b"hush-hush"))
    assert "hush" not in repr(request)


@pytest.mark.parametrize(
    ("algorithm", "signed_by"),
    [
        (b"ssh-ed25519", b"ssh-ed25519"),
        (b"rsa-sha2-512-cert-v01@openssh.com", b"rsa-sha2-512"),
        (b"sk-ssh-ed25519@openssh.com", b"sk-ssh-ed25519@openssh.com"),
        (b"sk-ssh-ed25519-cert-v01@openssh.com", b"sk-ssh-ed25519@openssh.com"),
        (b"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", b"sk-ecdsa-sha2-nistp256@openssh.com"),
    ],
)
def test_a_certificates_key_signs_by_its_own_algorithm(algorithm: bytes, signed_by: bytes) -> None:
    # As OpenSSH's sshkey.c names them.
    assert userauth.signature_algorithm(userauth.Key(algorithm=algorithm, blob=b"")) == signed_by


def test_what_is_written_down_of_a_request_is_short_whatever_it_holds() -> None:
    head = Byte(userauth.REQUEST) + String(b"u" * 5000) + String(userauth.SERVICE)
    request = userauth.parse_request(head + String(b"m" * 200_000))
    assert len(request.shown_user) == 255
    assert len(request.shown_method) == 64
