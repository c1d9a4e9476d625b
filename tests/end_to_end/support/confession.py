"""Makes a jump host say what asyncssh would swallow: errors that none of its handlers expected.

asyncssh ends a connection on them and tells nobody below its debug level. What it raises for a
packet that cannot be read is expected, and so is what it raises for a peer's version line: where it
ends the connection by that, all is well. A log handler that prints those records, and only those,
is put into each of the hop's processes by way of `sitecustomize`.
"""

from __future__ import annotations

from pathlib import Path

_SITE = """
import logging


def is_expected(kind, error, trace):
    while trace.tb_next is not None:
        trace = trace.tb_next
    return kind.__name__ == "PacketDecodeError" or trace.tb_frame.f_code.co_name == "_recv_version"


class Confession(logging.StreamHandler):
    def emit(self, record):
        if record.exc_info and not is_expected(*record.exc_info):
            super().emit(record)


logging.getLogger("asyncssh").setLevel(logging.DEBUG)
logging.getLogger("asyncssh").addHandler(Confession())
logging.getLogger("asyncssh").propagate = False
"""


def confessing(directory: Path) -> dict[str, str]:
    """Return the variables that make a process started with them speak."""
    place = directory / "confession"
    place.mkdir()
    (place / "sitecustomize.py").write_text(_SITE)
    return {"PYTHONPATH": str(place)}
