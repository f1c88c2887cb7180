"""Alembic's environment; it reads it as files, nothing imports it."""
