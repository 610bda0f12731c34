"""A news site of many feeds on loopback, in a process of its own: the pages of given articles.

    python -m tests.benchmarks.site ARTICLES.jsonl FEEDS   # prints its address, serves until killed

Feeds carry teasers, so that each article's page is fetched and read. It knows conditional requests.
"""

from __future__ import annotations

import hashlib
import html
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_SURROUNDINGS = "".join(
    f'<li><a href="/story/{n}">Another story, which is number {n}</a></li>' for n in range(40)
)


def page(article: dict[str, str]) -> str:
    title = html.escape(article["title"] or article["text"][:60])
    day = article["publish_date"].replace("/", "-")
    paragraphs = filter(str.strip, article["text"].split("\n"))
    body = "".join(f"<p>{html.escape(one)}</p>" for one in paragraphs)
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title} - The Post</title>"
        f'<meta property="og:type" content="article"><meta property="og:site_name" content="Post">'
        f'<meta property="article:published_time" content="{day}">'
        f"<style>{'.a { margin: 0 } ' * 400}</style><script>{'var a = 1; ' * 1000}</script></head>"
        f"<body><header><nav><ul>{_SURROUNDINGS}</ul></nav></header><main><article><h1>{title}</h1>"
        f"<div class=byline>By Ada Brook</div>{body}</article></main>"
        f"<aside><h2>Most read</h2><ul>{_SURROUNDINGS}</ul></aside><footer>Imprint</footer>"
        "</body></html>"
    )


def feed(numbers: range, articles: list[dict[str, str]]) -> str:
    items = "".join(
        f"<item><title>{html.escape(articles[n]['title'])}</title><link>/story/{n}</link>"
        f"<guid>story-{n}</guid><description>{html.escape(articles[n]['text'][:150])} …"
        "</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>The Post</title>{items}</channel></rss>"


def render(articles: list[dict[str, str]], feeds: int) -> dict[str, bytes]:
    """The body at each path."""
    each = len(articles) // feeds
    pages = {f"/story/{n}": page(one) for n, one in enumerate(articles)}
    lists = {f"/feed/{n}": feed(range(n * each, (n + 1) * each), articles) for n in range(feeds)}
    return {path: text.encode() for path, text in (pages | lists).items()}


def serve(bodies: dict[str, bytes]) -> None:
    tags = {path: hashlib.sha256(body).hexdigest()[:16] for path, body in bodies.items()}

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, status = bodies.get(self.path, b""), 200
            tag = f'"{tags.get(self.path, "")}"'
            if self.path not in bodies:
                status = 404
            elif self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            kind = "text/html" if self.path.startswith("/story") else "application/rss+xml"
            head = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}; charset=utf-8\r\n"
            head += f"ETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


@contextmanager
def serving(articles: Path, feeds: int) -> Iterator[list[str]]:
    """The addresses of the feeds, while the site is served."""
    command = [sys.executable, "-m", "tests.benchmarks.site", str(articles), str(feeds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            yield [f"{address}/feed/{n}" for n in range(feeds)]
        finally:
            process.kill()


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    serve(render([json.loads(line) for line in lines], int(sys.argv[2])))
