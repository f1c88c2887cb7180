"""Their side: the vendors' own SDKs, in as many threads as questions are in flight.

Both are set up for speed: connections are kept alive, and the pool holds one for every thread.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkmpc.v1 import ListTranscodingTaskRequest, MpcClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.models import DescribeVideoGenerationTaskRequest
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from tests.bench.asking import Job, Took, measured, read_job, tell

Ask = Callable[[str], bool]
"""Ask about one task; tell whether it was answered as finished."""


def _tencent(job: Job) -> Ask:
    account = job.accounts["whiteboard"]
    endpoint = account["url"].removeprefix("http://")
    http = HttpProfile(protocol="http", endpoint=endpoint, reqTimeout=30, keepAlive=True)
    credential = Credential(account["secret_id"], account["secret_key"])
    profile = ClientProfile(httpProfile=http)
    # One client for each thread: the SDK's client holds one session without a pool of its own.
    mine = threading.local()

    def ask(task_id: str) -> bool:
        if not hasattr(mine, "client"):
            mine.client = TiwClient(credential, account["region"], profile)
        request = DescribeVideoGenerationTaskRequest()
        request.SdkAppId = account["sdk_app_id"]
        request.TaskId = task_id
        return bool(mine.client.DescribeVideoGenerationTask(request).Status == "FINISHED")

    return ask


def _huawei(job: Job) -> Ask:
    account = job.accounts["transcode"]
    credentials = BasicCredentials(account["ak"], account["sk"], account["project_id"])
    size = max(10, job.in_flight)
    config = HttpConfig(timeout=(5, 30), pool_connections=size, pool_maxsize=size)
    builder = MpcClient.new_builder().with_http_config(config).with_credentials(credentials)
    client = builder.with_endpoint(account["url"]).build()

    def ask(task_id: str) -> bool:
        request = ListTranscodingTaskRequest(task_id=[int(task_id)])
        (task,) = client.list_transcoding_task(request).task_array
        return bool(task.status == "SUCCEEDED")

    return ask


_SDKS: dict[str, Callable[[Job], Ask]] = {"tiw": _tencent, "mpc": _huawei}


def _ask_all(pool: ThreadPoolExecutor, ask: Ask, task_ids: Iterable[str]) -> int:
    return sum(not answered for answered in pool.map(ask, task_ids))


def _main() -> None:
    logging.disable(logging.CRITICAL)
    job, took = read_job(), Took()
    ask = _SDKS[job.provider](job)
    with ThreadPoolExecutor(job.in_flight) as pool:
        _ask_all(pool, ask, job.warm_up_ids)
        with measured(took):
            took.failed = _ask_all(pool, ask, job.task_ids)
    took.requests = job.queries  # one for each, as both SDKs do
    tell(took)


if __name__ == "__main__":
    _main()
