"""ZEGO: media tasks at Tencent Cloud and Huawei Cloud, and cloud recordings.

Server API v2, signature 2.0. Pages (docs.zegocloud.com, read 2026-11):

- Real-time Voice & Video, Server API: Accessing Server APIs; Return Codes
- Stream Mixing and Transcoding APIs: DescribeMediaTask (providers ``tencent`` and ``huawei``)
- Cloud Recording, Server API: DescribeRecordStatus; DescribeTasks; Return codes (``record``)
- Server callbacks, and Cloud Recording, Recording status callback

Oddities worth knowing:

- Errors come as HTTP 200 with a ``Code``; the same small number means another thing per product.
- An unknown Huawei task is ``Code`` 0 with the status ``NO_TASK``; an unknown recording is a
  ``Code``; what an unknown Tencent task gives is not documented.
- ``DescribeRecordStatus`` knows recordings that started within three days, does not repeat the
  task id, and proves nothing by "ended": each file has its own fate.
- A callback's signature covers nothing of what it says, and its pages misspell their own fields.
- The URL of a request works as a password for ten minutes, so it never reaches a log.
"""
