"""What the bot remembers over a restart: SQL tables, named statements, one ``Store`` before them.

``open_store`` in ``bot.store.store`` is the way in. SQLAlchemy Core, no ORM; docs/decisions/0005
says why, and how a second dialect joins.
"""
