"""Tencent Cloud TIW (interactive whiteboard), API version 2019-09-19: ``tiw``.

One call: DescribeVideoGenerationTask, the making of a video from a recorded whiteboard.
Docs, read 2026-11: tencentcloud.com/document/product/1176/55170 (international) and
cloud.tencent.com/document/product/1137/48570 (China); for what all products share, "Signature v3"
and "Common Error Codes" of Tencent Cloud API 3.0.

Oddities:

- The two sites have two hosts, and the host is signed; the international page of 2023 still
  printed the China host.
- HTTP 200 carries refusals, in ``Response.Error``.
- ``FINISHED`` does not prove success, and no field of the reply tells failure: a task that failed
  is answered as a refusal ``FailedOperation.*``, or finishes without files.
- ``Progress`` and ``VideoInfos`` are disused and hold placeholders; ``VideoInfoList`` counts.
- The documented sample asks for one TaskId and is answered with another.
- A callback's ``Sign`` covers nothing of what it says; the printed samples repeat one ``Sign``.
- Every field may be null. Error texts are Chinese unless ``X-TC-Language`` says otherwise.
"""
