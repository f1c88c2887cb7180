"""On-call out: what rings a person who does not look at Slack, one file per kind of pager."""
