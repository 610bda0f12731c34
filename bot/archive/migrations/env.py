"""What Alembic runs: every missing version, on the connection and in the transaction it is given.

To write a new version: change `schema.py`, add `versions/version_NNNN.py`, set `HEAD`, and add a
dump of the version before to the tests.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
