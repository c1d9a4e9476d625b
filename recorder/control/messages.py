"""The words on the control socket: one JSON line in, one out; checked on both sides.

A codec without input or output. What a request does is the host's affair.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from recorder.clock import LONGEST_MINUTES
from recorder.control.options import SessionOptions
from recorder.errors import AddressError, ControlError, JumpseatError, UsageError

LINE_LIMIT = 1 << 20
"""The longest line, in bytes."""

Result = dict[str, Any]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewSession(_Message):
    """Open a session."""

    verb: Literal["new"] = "new"
    options: SessionOptions


class _OfSession(_Message):
    session: str = Field(min_length=1, max_length=64)


class Allow(_OfSession):
    """Let an address or a network in."""

    verb: Literal["allow"] = "allow"
    address: str = Field(max_length=100)
    force: bool = False


class StartClock(_OfSession):
    """Start a session's clock."""

    verb: Literal["start"] = "start"


class Extend(_OfSession):
    """Give a session's clock more minutes."""

    verb: Literal["extend"] = "extend"
    minutes: float = Field(gt=0, le=LONGEST_MINUTES)


class Close(_OfSession):
    """Close a session in order."""

    verb: Literal["close"] = "close"


class Repinned(_OfSession):
    """Take the target's host key from the file again: a person pinned another."""

    verb: Literal["repinned"] = "repinned"


OfSession = Allow | StartClock | Extend | Close | Repinned
Request = NewSession | OfSession

_REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="verb")])
_ERRORS: dict[str, type[JumpseatError]] = {
    "usage": UsageError,
    "address": AddressError,
    "control": ControlError,
}


def encode(message: BaseModel | Result) -> bytes:
    """Return a message as one line."""
    raw = message.model_dump(mode="json") if isinstance(message, BaseModel) else message
    return json.dumps(raw).encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """Read a request.

    Raises:
        ControlError: It is none that this program knows.

    """
    try:
        return _REQUESTS.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "request"
        raise ControlError(
            f"the request cannot be understood ({place}: {first['msg']})",
            "use the `jumpseat` of the same version as the running `serve`",
        ) from error


def failure(error: JumpseatError) -> Result:
    """Return the answer for a request that could not be done."""
    kind = next((name for name, each in _ERRORS.items() if isinstance(error, each)), "control")
    return {"ok": False, "kind": kind, "cause": error.cause, "remedy": error.remedy}


def success(result: Any) -> Result:
    """Return the answer for a request that was done."""
    return {"ok": True, "result": result}


def read_answer(line: bytes) -> Any:
    """Return what a request brought.

    Raises:
        JumpseatError: What the other side could not do, as the error that it was there.

    """
    try:
        raw = json.loads(line)
        if raw["ok"]:
            return raw["result"]
        error = _ERRORS[raw["kind"]](str(raw["cause"]), str(raw["remedy"]))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ControlError(
            "the running `serve` gave no answer that can be understood",
            "use the `jumpseat` of the same version as the running `serve`",
        ) from problem
    raise error
