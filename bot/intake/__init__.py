"""Where news of tasks comes in that nobody asked for: vendors' callbacks and their lists."""
