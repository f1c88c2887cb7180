"""Why a cloud recording ended by itself, and what to do about it.

ZEGO docs, Cloud Recording, Recording status callback, ``quit_reason``, read 2026-11.
"""

from collections.abc import Mapping

from providers.models import Reason, TaskError

ORDINARY: Mapping[str, str] = {
    "3": "it ended by itself: nothing was published for the longest idle time (MaxIdleTime)",
    "4": "it ended by itself: it reached the longest recording time (MaxRecordTime)",
}
"""Ordinary endings, which ZEGO reports by its event of an abnormal one."""

_AGAIN = "Start the recording again."
_NAME = "Shorten the file name that StartRecord was given (OutputFileRule)."
_FORMAT = "Use another OutputFileFormat in StartRecord."
_ROOM = "Check that the room exists and can be logged in to, then start the recording again."
_UNLISTED = (
    "The recording ended for a reason that ZEGO does not list.",
    "Give the number and the task id to ZEGOCLOUD Technical Support.",
)

_FAILURES: Mapping[str, tuple[str, str]] = {
    "1": ("The recording service did not start.", _AGAIN),
    "2": ("The recorder could not log in to the room.", _ROOM),
    "5": ("The recording engine did not start.", _AGAIN),
    "6": ("The recording service lost its connection.", _AGAIN),
    "1001": ("The recorder met an unknown error.", _AGAIN),
    "1002": ("The name of the recorded file is too long.", _NAME),
    "1003": ("The recorder could not open its file.", _AGAIN),
    "1004": ("The recorder ran out of storage space.", _AGAIN),
    "1005": ("The recorder's engine could not be set up.", _AGAIN),
    "1006": ("The recorder could not write the head of its file.", _AGAIN),
    "1007": ("The recorder could not write its file (EBADF).", _AGAIN),
    "1008": ("The recorder could not write its file (EIO).", _AGAIN),
    "1009": ("A channel inside the recorder broke.", _AGAIN),
    "1010": ("The recorder does not know the file format.", _FORMAT),
    "1011": ("The recorder got into a state it must not be in.", _AGAIN),
}


def explain_quit(reason: str) -> TaskError:
    """Tell why a recording ended abnormally; the same advice for every reason not listed."""
    message, hint = _FAILURES.get(reason, _UNLISTED)
    return TaskError(code=reason, message=message, reason=Reason.TASK_FAILED, hint=hint)
