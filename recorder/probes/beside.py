"""What a session does about its plan: keep it in the recording, have the target looked at.

The one place that ties an exercise to a session; a session calls it, starts what it returns, and
closes that at its end.
"""

from __future__ import annotations

import asyncssh

from recorder.exercise.loader import Loaded
from recorder.home import Home
from recorder.hop.target import Target
from recorder.probes.plan import plan_for
from recorder.probes.process import Probing
from recorder.recording.journal import ExerciseChosen, JournalEntry
from recorder.recording.writer import RecordingWriter


def probing_beside(
    writer: RecordingWriter, home: Home, target: Target, key: asyncssh.SSHKey, plan: Loaded | None
) -> Probing:
    """Log the plan, and return what looks at the target, not yet started.

    Args:
        writer: The session's recording.
        home: Where logs go.
        target: The server behind the hop.
        key: Its pinned host key.
        plan: The exercise, None where the session follows none.

    """

    def log(entry: JournalEntry) -> None:
        writer.log(entry.model_copy(update={"t": writer.now()}))

    log_file = home.logs / f"probes-{writer.session}.log"
    if plan is None:
        return Probing(None, log_file, log)
    # The issued password may be a team's own, and may stand in what prepares the server as well;
    # a recording travels.
    left_out = {"target": {"password", "prepare"}}
    kept = plan.plan.model_dump(mode="json", by_alias=True, exclude=left_out, exclude_none=True)
    log(ExerciseChosen(t=0, name=plan.name, plan=kept))
    return Probing(plan_for(target, key, plan.plan.probe), log_file, log)
