"""${message}."""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Write this step so that the version before can still work with its result."""
    ${upgrades if upgrades else "pass"}
