"""A local Slack: Web API, Socket Mode, HTTP delivery and the people who use the bot.

Written from Slack's public documentation (docs.slack.dev, read 2026-11). It knows nothing of the
bot it serves; ``ledger`` says what it supports, partly supports, and lacks.
"""
