"""What the clouds support, partly support and do not; a test holds it against what they answer."""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.scenario import Cloud


class Support(StrEnum):
    """How much of an action is there."""

    FULL = "full"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One action of one cloud."""

    cloud: Cloud
    action: str
    support: Support
    note: str = ""


LEDGER: tuple[Entry, ...] = (
    Entry(
        Cloud.RTC,
        "DescribeMediaTask",
        Support.PARTLY,
        "An unknown id for Vendor=Tencent gets Code 1000, which is a guess; tasks are never "
        "forgotten; the host header is not checked and a nonce may be used again.",
    ),
    Entry(Cloud.RTC, "MergeMedia", Support.NONE, "Tasks come from the scenario."),
    Entry(Cloud.RTC, "TranscodeMedia", Support.NONE, "Tasks come from the scenario."),
    Entry(Cloud.RTC, "MediaThumbnails", Support.NONE, "Tasks come from the scenario."),
    Entry(
        Cloud.RECORD,
        "DescribeRecordStatus",
        Support.PARTLY,
        "Only single-stream recordings; a task older than three days is unknown, which is a guess.",
    ),
    Entry(
        Cloud.RECORD,
        "DescribeTasks",
        Support.PARTLY,
        "Listing begins tasks that count from the first question.",
    ),
    Entry(Cloud.RECORD, "StartRecord", Support.NONE, "Tasks come from the scenario."),
    Entry(Cloud.RECORD, "StopRecord", Support.NONE, "Tasks come from the scenario."),
    Entry(
        Cloud.MPC,
        "GET /v1/{project_id}/transcodings",
        Support.PARTLY,
        "An unknown id has no row and an eleventh id is refused with MPC.10202; both are guesses. "
        "Image sprites, manifests and metadata come only as raw fields.",
    ),
    Entry(Cloud.MPC, "GET /v1/{project_id}/thumbnails", Support.NONE),
    Entry(Cloud.MPC, "GET /v1/{project_id}/remux", Support.NONE),
    Entry(Cloud.MPC, "POST /v1/{project_id}/transcodings", Support.NONE, "As for ZEGO."),
    Entry(
        Cloud.IAM,
        "POST /v3/auth/tokens",
        Support.PARTLY,
        "The password method with a project as scope; the catalog is empty.",
    ),
    Entry(Cloud.IAM, "GET /v3/projects", Support.PARTLY, "One project, asked for with AK and SK."),
    Entry(
        Cloud.TIW,
        "DescribeVideoGenerationTask",
        Support.PARTLY,
        "A failed task is answered as FailedOperation.Record, the best reading of the page; "
        "signature v1 (HmacSHA1, HmacSHA256) is refused.",
    ),
    Entry(Cloud.TIW, "DescribeOnlineRecord", Support.NONE),
    Entry(Cloud.TIW, "DescribeTranscode", Support.NONE),
    Entry(Cloud.TIW, "CreateVideoGenerationTask", Support.NONE, "As for ZEGO."),
    Entry(
        Cloud.MEDIA,
        "GET /{path}",
        Support.PARTLY,
        "Any name is there; the video is an animated picture where there is no ffmpeg, and a "
        "playlist has one segment that is no MPEG-TS.",
    ),
    Entry(
        Cloud.OBS,
        "GET /{bucket}/{key}",
        Support.PARTLY,
        "Path style, and links signed in the query; no Authorization header.",
    ),
    Entry(Cloud.OBS, "PUT /{bucket}/{key}", Support.NONE, "Objects are made when asked for."),
)
