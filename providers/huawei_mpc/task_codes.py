"""What to do about a task that failed, by MPC's task code.

Sources, read in 2026-11: MPC API reference and SDK reference, Error Codes; MPC FAQ, What If
Transcoding Fails and What If Snapshot Capturing Fails. The pages print a part of the codes only.
"""

from collections.abc import Mapping
from typing import Final

COMPLETE: Final = "MPC.10218"
"""Says that all is well (MPC API reference, Querying Animated GIF Tasks, sample)."""

_AGAIN = "Run it again. If it fails again, send the task id and this code to Huawei support."
_NO_CODE = "Run it again. If it fails again, send the task id to Huawei support."
_INPUT = (
    "Check that bucket and path of the input are right, that MPC is authorized for the bucket, and"
    " that the bucket has neither KMS default encryption nor a referer list. Then run it again."
)
_SUBTITLE = "Check that the subtitle file exists at its path and is SRT. Then run it again."
_DAMAGED = "Check that the input plays to its end; export or upload it anew, then run it again."
_CODEC = "Convert the input to a codec MPC reads (H.264 or H.265, AAC), then run it again."
_SNAPSHOT_INPUT = "Use an input in MPEG-2, H.264, H.265 or ProRes 422 in a container MPC reads."
_TEMPLATE_GONE = "Pick a template that exists (MPC console, Global Settings), then run it again."
_DRM = "Check the DRM and encryption settings of the task, then run it again."
_OTHER = "Look the code up in Huawei's MPC error codes, or give it to Huawei support."


def _change(setting: str) -> str:
    return f"Change {setting} in the transcoding template, then run it again."


_HINTS: Mapping[str, str] = {
    "MPC.10050": _AGAIN,
    "MPC.10051": "Choose a template without super resolution, then run it again.",
    "MPC.10052": _INPUT,
    "MPC.10053": "The input was not there. Check bucket and path (upload it), then run it again.",
    "MPC.10054": _SUBTITLE,
    "MPC.10055": _change("the audio sampling rate (7350 Hz is not supported)"),
    "MPC.10056": _change("the frame rate"),
    "MPC.10057": _change("the bitrate"),
    "MPC.10058": _change("the width"),
    "MPC.10059": _change("the height"),
    "MPC.10060": _change("the I-frame interval"),
    "MPC.10061": "Set a fixed snapshot interval, then run it again.",
    "MPC.10062": _SNAPSHOT_INPUT,
    "MPC.10063": _SNAPSHOT_INPUT,
    "MPC.10064": "Use at most two watermarks, then run it again.",
    "MPC.10065": _change("the output format"),
    "MPC.10066": "Check the format of the input: its name and its content may differ.",
    "MPC.10067": _CODEC,
    "MPC.10068": _CODEC,
    "MPC.10083": _CODEC,
    "MPC.10084": "Convert the input to 4:2:0 chroma subsampling, then run it again.",
    "MPC.10089": _TEMPLATE_GONE,
    "MPC.10090": _TEMPLATE_GONE,
    "MPC.10102": "Use an input with a constant frame rate of 23.98 to 30, then run it again.",
    "MPC.10103": "Convert the input to closed GOPs, then run it again.",
    "MPC.10124": _DAMAGED,
    "MPC.10125": _DAMAGED,
    "MPC.10130": _DRM,
    "MPC.10132": _DRM,
    "MPC.10140": _change("the I-frame interval (500 at most)"),
    "MPC.10144": "Look at the input: MPC suspects black bars and could not place them.",
    "MPC.10209": "Check bucket and path of input and output, then run it again.",
    "MPC.10210": _INPUT,
    "MPC.10212": _AGAIN,
    "MPC.10216": "Allow MPC to publish to the SMN topic, or take the notification out of the task.",
    "MPC.10217": "The quota is used up. Wait for other tasks to end, or ask Huawei to raise it.",
}


def task_hint(code: str | None) -> str:
    """Tell what to do about a failed task; the same advice for every code not documented."""
    return _HINTS.get(code or "", _OTHER if code else _NO_CODE)


def is_failure(code: str | None) -> bool:
    """Tell whether a code of one output, possibly absent, says that it failed."""
    return code is not None and code != COMPLETE
