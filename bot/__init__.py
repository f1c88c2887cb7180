"""Slack, watches and alerts: everything people see of MediaTask."""
