"""Stand-ins for the vendors' clouds and for Slack, over real HTTP, for the demo and the tests.

They judge the code, so they share none of it: own signature checks, own clock, own words.
"""
