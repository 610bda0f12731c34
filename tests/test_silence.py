"""Nothing opens a socket that the user did not ask for, whatever the environment says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOUD = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_V2": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_test",
    "LANGCHAIN_API_KEY": "lsv2_test",
    "ANONYMIZED_TELEMETRY": "true",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "GRADIO_SHARE": "True",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://192.0.2.1:4317",
}

# An audit hook sees every connection and look-up of this process, whichever library makes it.
GUARD = """
import sys, threading
asked = []
def watch(event, arguments):
    if event == "socket.getaddrinfo":
        asked.append(("look up", str(arguments[0])))
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        asked.append(("connect", str(arguments[1][0])))
sys.addaudithook(watch)
"""

USES = """
from pathlib import Path
from bot import Newsbot, read_settings
with Newsbot(read_settings(data={data!r})) as newsbot:
    newsbot.ingest(Path({seeds!r}))
    newsbot.ask("Where did Kim Jong Un meet Vladimir Putin?")
    newsbot.brief(stories=2)
    newsbot.summarise(next(Path({seeds!r}).glob("0*.txt")))
    newsbot.retriever().invoke("ferry")
    from bot.web.app import build
    build(newsbot)
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
outside = [one for one in asked if one[1] not in ("127.0.0.1", "::1", "localhost", "None")]
assert not outside, outside
"""


@pytest.mark.slow
def test_all_uses_stay_on_this_machine(tmp_path: Path, seeds: Path) -> None:
    program = GUARD + USES.format(data=str(tmp_path), seeds=str(seeds))
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **LOUD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_the_guard_sees_what_it_should() -> None:
    program = GUARD + "import socket\ntry: socket.create_connection(('192.0.2.1', 9), .01)\n"
    program += "except OSError: pass\nassert any(one[1] == '192.0.2.1' for one in asked), asked"
    subprocess.run([sys.executable, "-c", program], check=True)
