"""Watches: what is decided of a followed task, and what is told of it."""
