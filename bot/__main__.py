"""The `newsbot` command: runs the command line; a failure is one line and an exit code."""

from __future__ import annotations

import logging
import os
import sys


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 a failure that is told, 2 wrong usage."""
    from bot.cli import app
    from bot.errors import InterruptedWorkError, NewsbotError

    try:
        app()
    except InterruptedWorkError as error:
        _tell(str(error), 130)
    except KeyboardInterrupt:
        _tell("Stopped.", 130)
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except NewsbotError as error:
        logging.getLogger(__name__).debug("The cause:", exc_info=error)
        _tell(str(error), 1)


def _tell(message: str, code: int) -> None:
    print(f"newsbot: {message}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
