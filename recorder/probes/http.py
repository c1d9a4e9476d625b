"""One look at a web server: GET, and what it says. Nothing is sent along, nothing is kept.

It speaks HTTP/1.1 (RFC 9112, by h11), over TLS without asking who signed the certificate: the
question is what answers there. A look is bounded in time and in bytes, and never leaves the target.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from recorder.exercise.schema import HttpProbe
from recorder.probes.failures import Failure, network_failure, shown
from recorder.recording.journal import Probe

LOOK_SECONDS = 10.0
"""For one look, with all its redirections."""

BODY_LIMIT = 256 * 1024
"""Bytes of a page that are looked through."""

MAX_REDIRECTS = 3
AGENT = "jumpseat-probe"
_CHUNK = 16384
_HEADER_LIMIT = 64 * 1024
_UNAUTHORIZED = 401
_REDIRECTS = range(300, 400)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]*)(?=\s|,|$)(?!\s*=)")


@dataclass(frozen=True, slots=True)
class Url:
    """What is asked for, as the server sees it; the connection goes to the target in any case."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        """Write it as a URL, the port only where it is not the scheme's own."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """The value of the Host field."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: field names in small letters, and the body up to `BODY_LIMIT`."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value for key, value in self.fields if key == name]


async def look_at_page(address: str, probe: HttpProbe) -> Probe:
    """Look once.

    Args:
        address: The target's name or address, to which every connection goes.
        probe: What to ask for.

    """
    url = Url(probe.scheme, probe.host or address, probe.real_port, probe.path)
    seen = Probe(t=0, probe=probe.id, kind="http", place=str(url), outcome="answered")
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            answer = await _follow(address, url)
    except OSError as error:
        return _without_answer(seen, network_failure(error))
    except h11.RemoteProtocolError as error:
        return _without_answer(seen, Failure("broken", f"no HTTP ({shown(str(error))})"))
    return seen.model_copy(update=_facts(answer, probe.contains))


def _without_answer(seen: Probe, failure: Failure) -> Probe:
    return seen.model_copy(update={"outcome": failure.outcome, "cause": failure.cause})


async def _follow(address: str, url: Url) -> Answer:
    """Ask, and follow redirections as long as they stay on the same host."""
    for _ in range(MAX_REDIRECTS):
        answer = await _ask(address, url)
        onward = _redirection(answer, url)
        if onward is None or onward == url:
            return answer
        url = onward
    return await _ask(address, url)


def _redirection(answer: Answer, url: Url) -> Url | None:
    locations = answer.values("location")
    if answer.status not in _REDIRECTS or not locations:
        return None
    try:
        parts = urlsplit(locations[0])
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return Url(url.scheme, url.host, url.port, path) if _is_clean(path) else None
    if parts.scheme not in {"http", "https"} or parts.hostname != url.host.lower():
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _is_clean(path):
        return None
    return Url(parts.scheme, url.host, port or _default_port(parts.scheme), path)


def _is_clean(path: str) -> bool:
    return re.fullmatch(r"/[!-~]{0,2000}", path) is not None


async def _ask(address: str, url: Url) -> Answer:
    secure = _unverified() if url.scheme == "https" else None
    name = None if secure is None or _is_address(url.host) else url.host
    reader, writer = await asyncio.open_connection(
        address, url.port, ssl=secure, server_hostname=(name or "") if secure else None
    )
    try:
        return await _exchange(reader, writer, url)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: Url) -> Answer:
    client = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER_LIMIT)
    fields = {
        "Host": url.authority,
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    request = h11.Request(method="GET", target=url.path, headers=list(fields.items()))
    for event in (request, h11.EndOfMessage()):
        writer.write(client.send(event) or b"")
    await writer.drain()
    return await _receive(client, reader)


async def _receive(client: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    response: h11.Response | None = None
    body = bytearray()
    while len(body) < BODY_LIMIT:
        event = client.next_event()
        if event is h11.NEED_DATA:
            client.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif not isinstance(event, h11.InformationalResponse):
            break
    if response is None:
        raise h11.RemoteProtocolError("it closed the connection without an answer")
    fields = tuple(
        (name.decode("ascii"), value.decode("latin-1")) for name, value in response.headers
    )
    return Answer(response.status_code, fields, bytes(body[:BODY_LIMIT]))


def _facts(answer: Answer, words: str | None) -> dict[str, object]:
    facts: dict[str, object] = {"status": answer.status}
    if answer.status == _UNAUTHORIZED:
        facts["auth"] = auth_schemes(answer.values("www-authenticate"))
    if answer.status in _REDIRECTS:
        facts["location"] = _first(answer.values("location"))
    facts["server"] = _first(answer.values("server") or answer.values("x-powered-by"))
    if words is not None:
        facts["contains"] = words.encode() in answer.body
    return facts


def auth_schemes(values: list[str]) -> tuple[str, ...]:
    """Return the schemes that WWW-Authenticate fields name (RFC 9110, 11.6.1), sorted."""
    found: set[str] = set()
    for value in values:
        found |= {scheme.lower() for scheme in _SCHEME.findall(_QUOTED.sub('""', value))}
    return tuple(sorted(found))


def _first(values: list[str]) -> str | None:
    return shown(values[0]) if values else None


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
