"""The relay: what was committed to be told is sent to Slack, each delivery once."""
