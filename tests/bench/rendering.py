"""How long drawing takes: the worst card there can be, and thirty tasks at once."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from time import perf_counter

from bot.sandbox.slack.blocks import validate_message
from bot.views.batch import render_batch
from bot.views.details import render_details
from bot.views.gallery import render_gallery
from bot.views.layout import View
from bot.views.options import Options
from bot.views.task import render_task
from bot.views.words import CHINESE
from providers.models import (
    Kind,
    Output,
    OutputStatus,
    OutputType,
    Reason,
    TaskError,
    TaskState,
    TaskStatus,
)
from tests.bench.processes import BenchError
from tests.bench.report import Row, Table

_NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
_LONG = "录制 <&>`*" * 400
_SIGNATURE = "Expires=1795170600&AccessKeyId=AK&Signature=" + "abc%3D" * 40
_CARD_AIM_MS, _BATCH_AIM_MS = 2.0, 10.0
_ROUNDS = 400


async def measure(*, rounds: int = _ROUNDS) -> Table:
    """Draw everything so many times; the median counts, and the slowest in a hundred is told."""
    worst, thirty = _worst(), [_worst(index) for index in range(30)]
    public = Options(public=True, words=CHINESE)
    rows = (
        _row("worst card", rounds, _CARD_AIM_MS, lambda: render_task(worst, now=_NOW)),
        _row(
            "worst card, in a channel, Chinese",
            rounds,
            _CARD_AIM_MS,
            lambda: render_task(worst, now=_NOW, options=public),
        ),
        _row("batch of 30", rounds, _BATCH_AIM_MS, lambda: render_batch(thirty, now=_NOW)),
        _row("gallery page", rounds, None, lambda: render_gallery(worst)),
        _row("details of 300 files", rounds // 8, None, lambda: render_details(worst, now=_NOW)),
    )
    return Table(
        "rendering, milliseconds",
        ("median", "p99"),
        rows,
        ("the worst card: 300 thumbnails with signed links, 12 outputs, strings of 4,000",),
    )


def _worst(index: int = 0) -> TaskStatus:
    """Make a task with as much of everything as a vendor could send, and more."""
    thumbnails = tuple(f"https://cdn.example/{shot}.jpg?{_SIGNATURE}" for shot in range(300))
    return TaskStatus(
        provider="mpc",
        account="a" * 40,
        task_id=f"{index}-{_LONG}"[:256],
        kind=Kind.TRANSCODE,
        state=TaskState.PARTIAL,
        vendor_status=_LONG,
        room=_LONG,
        created_at=_NOW - timedelta(hours=3),
        started_at=_NOW - timedelta(hours=2),
        finished_at=_NOW - timedelta(hours=1),
        outputs=tuple(_output(number) for number in range(12)),
        thumbnails=thumbnails,
        error=TaskError(code=_LONG, message=_LONG, reason=Reason.TASK_FAILED, hint=_LONG),
        request_id=_LONG,
        vendor_request_id=_LONG,
        queried_at=_NOW,
        undocumented=(_LONG,) * 5,
        raw={"Files": [{"Name": _LONG, "Url": link} for link in thumbnails]},
    )


def _output(number: int) -> Output:
    return Output(
        type=OutputType.VIDEO,
        url=f"https://bucket.example/{number}.mp4?{_SIGNATURE}",
        object=_LONG,
        name=_LONG,
        file_id=_LONG,
        format="mp4",
        size_bytes=10**12,
        duration_s=12_345.6,
        width=3840,
        height=2160,
        status=OutputStatus.BACKUP,
        stream_id=_LONG,
        user_id=f"{number}{_LONG}",
        signed=True,
        expires_at=_NOW + timedelta(hours=6),
    )


def _row(
    what: str, rounds: int, aim_ms: float | None, draw: Callable[[], View | dict[str, object]]
) -> Row:
    """Time *draw*; what Slack would refuse is not worth timing."""
    drawn = draw()
    if isinstance(drawn, View) and (problems := validate_message(drawn.blocks, drawn.text)):
        raise BenchError(f"{what}: {problems[0]}")
    median, slowest = _time(draw, rounds)
    figures = (f"{median:.2f}", f"{slowest:.2f}")
    if aim_ms is None:
        return Row(what, figures)
    return Row(what, figures, f"< {aim_ms:g}", median < aim_ms)


def _time(draw: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Give the median and the 99th percentile in milliseconds; the first tenth is to warm up."""
    took = []
    gc.collect()
    for _ in range(rounds):
        began = perf_counter()
        draw()
        took.append((perf_counter() - began) * 1000)
    cuts = quantiles(took[rounds // 10 :], n=100)
    return cuts[49], cuts[98]
