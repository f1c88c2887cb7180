"""On-call: which failure becomes an alert, who hears of it, and when somebody else does."""
