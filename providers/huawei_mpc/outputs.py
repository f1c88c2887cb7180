"""What a transcoding task left in OBS: file names joined with the places they are in.

Huawei names outputs and describes them in two lists that nothing connects but their order, so a
description is only used where it cannot be that of another file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from providers.account import ObsBucket
from providers.huawei_mpc.task_codes import is_failure
from providers.huawei_mpc.wire import ImageSpriteInfo, MultiTaskInfo, ObsObjInfo, SourceInfo, Task
from providers.models import Output, OutputType
from providers.obs import make_link
from providers.reading import file_format, output_type

_ROUNDING_S: Final = 1
_RESOLUTION = re.compile(r"_(\d+)X(\d+)_", re.IGNORECASE)
"""As Huawei writes it into the names it makes up: ``a_1_480X270_199_0.m3u8``."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One name, before it is known where the bucket is."""

    name: str
    place: ObsObjInfo | None
    file: SourceInfo | None = None
    type: OutputType | None = None
    """None: what the name's extension says."""


def read_outputs(task: Task, *, obs: ObsBucket | None, now: datetime) -> tuple[Output, ...]:
    """Tell every object the task names, each once; with a link where *obs* is configured."""
    outputs: dict[str | None, Output] = {}
    for found in _find(task):
        output = _output(found, obs, now)
        outputs.setdefault(output.object, output)
    return tuple(outputs.values())


def snapshot_links(task: Task, outputs: Sequence[Output]) -> tuple[str, ...]:
    """Pick the links of single snapshots; a sprite sheet is no picture of one moment."""
    sheets = {name for sprite in task.image_sprite_info for name in _sheet_names(sprite)}
    return tuple(
        output.url
        for output in outputs
        if output.type is OutputType.IMAGE and output.url and output.name not in sheets
    )


def error_code(entry: MultiTaskInfo) -> str | None:
    """Read the code of one output of the task; None where it has none."""
    return entry.error.error_code if entry.error else None


def entries(task: Task) -> tuple[MultiTaskInfo, ...]:
    """Read what became of each template of the task."""
    return task.transcode_detail.multitask_info if task.transcode_detail else ()


def _find(task: Task) -> Iterator[_Found]:
    names = [name for name in task.output_file_name if name]
    media = [name for name in names if not _is_image(name)]
    files = _match(media, _described(task))
    for name, file in zip(media, files, strict=True):
        yield _Found(name, task.output, file)
    if not names and task.output and task.output.file_name:
        yield _Found(task.output.file_name, task.output)
    for file in _described(task):
        if file.manifest_name:
            yield _Found(file.manifest_name, task.output)
    for name in filter(_is_image, names):
        yield _Found(name, task.thumbnail_output or task.output)
    yield from _find_snapshots(task)


def _find_snapshots(task: Task) -> Iterator[_Found]:
    image, package = OutputType.IMAGE, OutputType.PACKAGE
    place = task.thumbnail_output or task.output
    sets = [(task.pic_info, task.thumbnail_outputname, place)]
    sets += [(one.pic_info, one.output_name, one.output or place) for one in task.thumbnails_info]
    for pictures, archive, where in sets:
        for picture in pictures:
            if picture.pic_name:
                yield _Found(picture.pic_name, where, type=image)
        if archive:
            yield _Found(archive, where, type=package)
    for sprite in task.image_sprite_info:
        for name in filter(None, sprite.output_image_name):
            yield _Found(name, sprite.output or place, type=image)
        if sprite.output_webvtt_name:
            yield _Found(sprite.output_webvtt_name, sprite.output or place)


def _sheet_names(sprite: ImageSpriteInfo) -> list[str]:
    return [_last_segment(name) for name in sprite.output_image_name if name]


def _is_image(name: str) -> bool:
    return output_type(file_format(name)) is OutputType.IMAGE


def _described(task: Task) -> list[SourceInfo]:
    return [
        entry.output_file
        for entry in entries(task)
        if entry.output_file and not is_failure(error_code(entry))
    ]


def _match(names: Sequence[str], files: Sequence[SourceInfo]) -> Sequence[SourceInfo | None]:
    """Give each name its description: none rather than a wrong one."""
    if len(names) == len(files):
        ordered = _by_resolution(names, files)
        if all(_may_be(name, file) for name, file in zip(names, ordered, strict=True)):
            return ordered
    return [None] * len(names)


def _by_resolution(names: Sequence[str], files: Sequence[SourceInfo]) -> Sequence[SourceInfo]:
    """Put *files* in the order of *names* by the resolution in them, where that is unambiguous."""
    told = [_resolution(name) for name in names]
    sized = {_size(file): file for file in files}
    if len(sized) == len(files) and set(told) == set(sized):
        return [sized[size] for size in told]
    return files


def _resolution(name: str) -> tuple[int | None, int | None]:
    found = _RESOLUTION.search(name)
    return (int(found[1]), int(found[2])) if found else (None, None)


def _may_be(name: str, file: SourceInfo) -> bool:
    types = {output_type(file_format(name)), output_type(file.format)}
    return len(types) == 1 or OutputType.OTHER in types


def _output(found: _Found, obs: ObsBucket | None, now: datetime) -> Output:
    place, file = found.place or ObsObjInfo(), found.file or SourceInfo()
    key = _join(place.object, found.name)
    bucket = place.bucket or (obs.bucket if obs else None)
    link = obs and make_link(key, bucket=place.bucket, location=place.location, obs=obs, now=now)
    form = file_format(found.name) or (file.format.lower() if file.format else None)
    width, height = _size(file)
    return Output(
        type=found.type or output_type(form),
        url=link.url if link else None,
        object=f"{bucket}/{key}" if bucket else key,
        name=_last_segment(found.name),
        format=form,
        size_bytes=file.size or None,
        duration_s=read_duration(file),
        width=width,
        height=height,
        signed=link.signed if link else False,
        expires_at=link.expires_at if link else None,
    )


def _join(directory: str | None, name: str) -> str:
    """Join a key; Huawei gives some directories with the name, and some names with theirs."""
    folder, leaf = (directory or "").strip("/"), name.lstrip("/")
    if not folder or leaf.startswith(f"{folder}/"):
        return leaf
    return folder if f"/{folder}".endswith(f"/{leaf}") else f"{folder}/{leaf}"


def _last_segment(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def _size(file: SourceInfo) -> tuple[int | None, int | None]:
    video = file.video_info
    return (video.width or None, video.height or None) if video else (None, None)


def read_duration(file: SourceInfo) -> float | None:
    """Read how many seconds it plays; milliseconds only where they agree, for they are often 0."""
    seconds, exact = file.duration or None, (file.duration_ms or 0) / 1000
    if exact and (seconds is None or abs(exact - seconds) <= _ROUNDING_S):
        return exact
    return seconds
