"""${message}."""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Write this step so that the version before can still work with its result.

    Where it cannot, because this removes what that version did not use any more but the one before
    it did, say so: UPDATE compatibility SET oldest = the oldest revision that still can.
    """
    ${upgrades if upgrades else "pass"}
