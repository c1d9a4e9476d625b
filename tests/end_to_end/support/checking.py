"""The contract of `jumpseat commands|tags --json`, checked field by field."""

from __future__ import annotations

from typing import Any

Found = dict[str, Any]
_NUMBER = (int, float)
_TEXT_OR_NULL = (str, type(None))

_COMMAND: dict[str, type | tuple[type, ...]] = {
    "kind": str, "connection": int, "channel": int, "t": _NUMBER,
    "duration": (int, float, type(None)), "user": _TEXT_OR_NULL, "host": _TEXT_OR_NULL,
    "cwd": _TEXT_OR_NULL, "text": str, "source": str, "confidence": _NUMBER, "outcome": str,
    "exit_status": (int, type(None)), "depth": int,
}  # fmt: skip
_TAG: dict[str, type | tuple[type, ...]] = {
    "id": str, "signal": str, "topic": str, "t": _NUMBER, "until": (int, float, type(None)),
    "outcome": str, "confidence": _NUMBER, "detector": str, "evidence": list,
}  # fmt: skip
_EVIDENCE: dict[str, type | tuple[type, ...]] = {
    "kind": str, "t": _NUMBER, "text": str, "connection": (int, type(None)),
    "channel": (int, type(None)),
}  # fmt: skip


def check_commands(commands: list[Found]) -> None:
    """Check fields, their types, their words and the order of commands."""
    for command in commands:
        _check(command, _COMMAND)
        assert command["kind"] in {"command", "repl"}
        assert command["source"] in {"pasted", "recalled", "completed", "typed", "exec"}
        assert command["outcome"] in {"ok", "failed", "interrupted", "unknown"}
        assert 0 <= command["confidence"] <= 1
        assert min(command["connection"], command["channel"]) >= 1
        assert command["depth"] >= 0
    times = [command["t"] for command in commands]
    assert times == sorted(times)


def check_tags(tags: list[Found]) -> None:
    """Check fields, their types, their words and the order of tags and their evidence."""
    for tag in tags:
        _check(tag, _TAG)
        assert tag["outcome"] in {"ok", "failed", "unknown"}
        assert tag["detector"] in {"rule", "model", "inferred"}
        assert 0 <= tag["confidence"] <= 1
        assert tag["evidence"], tag
        for evidence in tag["evidence"]:
            _check(evidence, _EVIDENCE)
            assert evidence["kind"] in {
                "command", "output", "input", "login", "probe", "edit", "silence",
            }  # fmt: skip
            assert evidence["t"] <= tag["t"]
    order = [(tag["t"], tag["id"]) for tag in tags]
    assert order == sorted(order)
    assert len({tag["id"] for tag in tags}) == len(tags)


def _check(found: Found, fields: dict[str, type | tuple[type, ...]]) -> None:
    assert set(found) == set(fields)
    for name, kind in fields.items():
        assert isinstance(found[name], kind), (name, found[name])
        assert not isinstance(found[name], bool), name
