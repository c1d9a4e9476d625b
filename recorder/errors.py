"""The errors that a user of the program can do something about.

One class for each thing that a caller does differently. Every error carries the cause and the way
out, in words that can be printed as they are. Programming mistakes do not belong here.
"""


class JumpseatError(Exception):
    """The work could not be done.

    Attributes:
        cause: What went wrong, one line, without a full stop at its end.
        remedy: What the user can do about it, one line; empty where nothing is known.

    """

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        """Join cause and remedy on one line."""
        return f"{self.cause}; {self.remedy}" if self.remedy else self.cause


class UsageError(JumpseatError):
    """What the user asked for makes no sense as asked; exit status 2."""


class HomeError(JumpseatError):
    """The home directory cannot be used."""


class RecordingError(JumpseatError):
    """A recording cannot be read or written."""


class TranscriptError(JumpseatError):
    """A file is no transcript that can be read, or not of a session's size."""


class SessionNotFoundError(JumpseatError):
    """No session, or more than one, answers to the name given."""


class StoreError(JumpseatError):
    """The database cannot be used: unreachable, newer or older than the program."""


class TargetError(JumpseatError):
    """The target cannot be reached, or is not the one that was pinned."""


class ListenError(JumpseatError):
    """The listening address cannot be bound."""


class ConfinementError(JumpseatError):
    """The practice server cannot be walled off from this machine."""


class AddressError(JumpseatError):
    """An address cannot be the candidate's, or is not what lets them in."""


class ControlError(JumpseatError):
    """The running `jumpseat serve` cannot be reached, or could not do what it was asked."""


class InterviewersError(JumpseatError):
    """The file of those who may take a seat over SSH cannot be used."""


class RefusedRequestError(UsageError):
    """An interviewer asked over SSH for what is not offered there."""


class TraceError(StoreError):
    """What somebody is about to do cannot be noted in the trace."""


class RoleError(JumpseatError):
    """Whoever asks may not do this; somebody else may."""
