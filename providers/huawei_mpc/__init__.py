"""Huawei Cloud MPC, transcoding tasks: ``GET /v1/{project_id}/transcodings``.

Read in 2026-11: the Huawei MPC API reference (Querying Transcoding Tasks, Error Codes), the API
Request Signing Guide, the IAM API reference (Obtaining a User Token), and the models of
huaweicloudsdkmpc 3.1.219, which know a few fields the reference does not list yet.

Oddities: ids and times come as numbers and as text; an unknown id is missing from the answer or
comes back as a row that says NO_TASK; a task that SUCCEEDED may hide failed outputs in
``transcode_detail.multitask_info``, and may carry an error code (MPC.10218) although all is well;
a frame rate of 25000 is 25 a second; ``duration_ms`` is often 0. A notification says SUCCEED where
the query says SUCCEEDED, and names no outputs.
"""
