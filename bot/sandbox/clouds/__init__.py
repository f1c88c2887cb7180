"""The vendors' clouds as local servers: ZEGO, Huawei MPC with IAM and OBS, Tencent TIW, and media.

::

    VendorClouds ── Front (one per server: HTTP, weather, journal)
                      └── a cloud (zego, mpc, iam, obs, tencent, media): checks, then answers
                            └── Stage (which step of its timeline each task is at)

What each one supports is listed in ``ledger.py``.
"""

from bot.sandbox.clouds.fleet import VendorClouds
from bot.sandbox.clouds.front import Asked
from bot.sandbox.scenario import Cloud, Scenario, Task, Weather, WeatherKind

__all__ = ["Asked", "Cloud", "Scenario", "Task", "VendorClouds", "Weather", "WeatherKind"]
