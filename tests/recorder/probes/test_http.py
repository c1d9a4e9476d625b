"""What a web server says is told in few words, whatever it says and however it breaks off."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.probes import http
from recorder.probes.http import BODY_LIMIT, auth_schemes, look_at_page
from tests.recorder.probes.conftest import StartWeb, Web, page

HERE = "127.0.0.1"


async def test_a_page_with_its_words(start_web: StartWeb) -> None:
    web = await start_web(page("<h1>The kettle</h1>"))
    seen = await look_at_page(HERE, web.probe(contains="The kettle", path="/a?b=c"))
    assert (seen.outcome, seen.status, seen.contains, seen.server) == (
        "answered", 200, True, "small",
    )  # fmt: skip
    assert seen.place == f"http://127.0.0.1:{web.port}/a?b=c"
    (asked,) = web.asked
    lines = asked.split("\r\n")
    assert lines[0] == "GET /a?b=c HTTP/1.1"
    assert f"Host: 127.0.0.1:{web.port}" in lines
    assert not [line for line in lines if line.lower().startswith(("authorization", "cookie"))]


async def test_a_page_without_its_words(start_web: StartWeb) -> None:
    web = await start_web(page("Welcome to nginx!"))
    assert (await look_at_page(HERE, web.probe(contains="The kettle"))).contains is False
    assert (await look_at_page(HERE, web.probe())).contains is None


async def test_a_name_is_asked_for_at_the_targets_address(start_web: StartWeb) -> None:
    web = await start_web(page(""))
    await look_at_page(HERE, web.probe(host="blog.example"))
    assert f"Host: blog.example:{web.port}" in web.asked[0]


async def test_basic_auth_that_is_demanded(start_web: StartWeb) -> None:
    demand = 'WWW-Authenticate: Basic realm="Not, Digest yet", charset="UTF-8"'
    web = await start_web(page("", "401 Unauthorized", demand))
    seen = await look_at_page(HERE, web.probe())
    assert (seen.status, seen.auth) == (401, ("basic",))


@pytest.mark.parametrize(
    ("values", "schemes"),
    [
        (['Basic realm="x"'], ("basic",)),
        (["Negotiate", "NTLM"], ("negotiate", "ntlm")),
        (['Digest realm = "a", nonce = "b", Basic realm="c, Bearer d"'], ("basic", "digest")),
        (["Basic"], ("basic",)),
        ([""], ()),
        ([], ()),
    ],
)
def test_schemes_of_authentication(values: list[str], schemes: tuple[str, ...]) -> None:
    assert auth_schemes(values) == schemes


async def test_a_redirection_on_the_same_host_is_followed(start_web: StartWeb) -> None:
    web = await start_web(page("here"))
    first = await start_web(page("", "302 Found", f"Location: http://127.0.0.1:{web.port}/b"))
    seen = await look_at_page(HERE, first.probe(contains="here"))
    assert (seen.status, seen.contains, seen.location) == (200, True, None)
    assert web.asked[0].startswith("GET /b ")


@pytest.mark.parametrize(
    "location", ["http://elsewhere.example/", "ftp://127.0.0.1/", "//[", "http://127.0.0.1:x/", ""]
)
async def test_a_redirection_to_elsewhere_is_told_and_not_followed(
    start_web: StartWeb, location: str
) -> None:
    web = await start_web(page("", "301 Moved", f"Location: {location}"))
    seen = await look_at_page(HERE, web.probe())
    assert (seen.outcome, seen.status, seen.location) == ("answered", 301, location)
    assert len(web.asked) == 1


async def test_redirections_in_a_circle_end(start_web: StartWeb) -> None:
    web = await start_web()
    other = await start_web(page("", "302 Found", f"Location: http://127.0.0.1:{web.port}/"))
    web.answer = page("", "302 Found", f"Location: http://127.0.0.1:{other.port}/")
    assert (await look_at_page(HERE, web.probe())).status == 302
    assert len(web.asked) + len(other.asked) == http.MAX_REDIRECTS + 1


async def test_nobody_there(start_web: StartWeb, unused_tcp_port: int) -> None:
    web = Web(port=unused_tcp_port)
    seen = await look_at_page(HERE, web.probe())
    assert (seen.outcome, seen.cause) == ("refused", None)
    assert seen == await look_at_page(HERE, web.probe())


async def test_a_name_that_leads_nowhere() -> None:
    seen = await look_at_page("nowhere.invalid", Web(port=80).probe())
    assert seen.outcome == "unreachable"


async def test_a_server_that_says_nothing_is_left_in_time(
    start_web: StartWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        left.set()
        writer.close()

    monkeypatch.setattr(http, "LOOK_SECONDS", 0.2)
    web = await start_web(handler=mute)
    assert (await look_at_page(HERE, web.probe())).outcome == "timeout"
    await left.wait()


async def test_a_flood_is_read_only_so_far(start_web: StartWeb) -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65536)
                sent += 65536
                await writer.drain()
        except ConnectionError:
            writer.close()

    web = await start_web(handler=flood)
    seen = await look_at_page(HERE, web.probe(contains="y"))
    assert (seen.status, seen.contains) == (200, False)
    # What the sockets' own buffers took beyond it is the kernel's affair.
    assert sent < BODY_LIMIT + (16 << 20)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 O"])
async def test_what_is_no_http_is_called_broken(start_web: StartWeb, answer: bytes) -> None:
    web = await start_web(answer)
    assert (await look_at_page(HERE, web.probe())).outcome == "broken"


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_a_port_without_tls_is_called_broken(start_web: StartWeb, answer: bytes) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    web = await start_web(handler=plain)
    seen = await look_at_page(HERE, web.probe(scheme="https"))
    assert seen.outcome == "broken"
    assert seen == await look_at_page(HERE, web.probe(scheme="https"))


@pytest.fixture
def unsigned(tmp_path: Path) -> ssl.SSLContext:
    """A server's certificate that no authority has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=elsewhere.example", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_tls_with_a_certificate_that_nobody_signed(unsigned: ssl.SSLContext) -> None:
    web = Web(page("secret garden"))
    server = await asyncio.start_server(web.handle, HERE, 0, ssl=unsigned)
    async with server:
        web.port = server.sockets[0].getsockname()[1]
        seen = await look_at_page(HERE, web.probe(scheme="https", contains="garden"))
        assert (seen.status, seen.contains) == (200, True)
        named = await look_at_page(HERE, web.probe(scheme="https", host="blog.example"))
        assert named.status == 200


async def test_what_a_server_calls_itself_cannot_harm_a_terminal(start_web: StartWeb) -> None:
    name = "x\x1b]52;c;aGk=\x07" + "y" * 500
    web = await start_web(b"HTTP/1.0 200 OK\r\nServer: " + name.encode() + b"\r\n\r\n")
    seen = await look_at_page(HERE, web.probe())
    assert seen.server is None or (seen.server.isprintable() and len(seen.server) <= 120)


_lines = st.lists(
    st.sampled_from(
        ["HTTP/1.1 200 OK", "HTTP/1.0 401 No", "HTTP/1.1 100 Continue", "Location: /x",
         "Location: //", "Content-Length: 5", "Transfer-Encoding: chunked", "5", "0",
         "WWW-Authenticate: ,,=", "Server: \xff", "", "HTTP/1.1 101 Switch", "Upgrade: x", "hello"]
    ),
    max_size=8,
).map(lambda lines: "\r\n".join(lines).encode("latin-1"))  # fmt: skip


@given(answer=st.one_of(_lines, st.binary(max_size=60), _lines.map(lambda x: x + b"\r\n\r\nhello")))
def test_no_answer_makes_a_look_fail(answer: bytes) -> None:
    async def look() -> None:
        web = Web(answer)
        async with await asyncio.start_server(web.handle, HERE, 0) as server:
            web.port = server.sockets[0].getsockname()[1]
            seen = await look_at_page(HERE, web.probe(contains="hello"))
            assert seen.outcome in {"answered", "broken"}

    asyncio.run(look())
