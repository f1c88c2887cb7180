"""A configuration, and an id of every shape."""

ACCOUNTS = {
    "tencent": ("main", "staging"),
    "huawei": ("main", "staging"),
    "record": ("main", "staging"),
    "mpc": ("transcode",),
}
RECORD = "X3CgNeE4I1qAAABN"
MERGE = "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0"
