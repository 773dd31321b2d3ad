"""A web server on loopback with one picture, as the public bucket would serve it."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from pillarcast.model.post import PostArtwork


def picture(name: str) -> bytes:
    """A blue square of its own: JPEG makes the same bytes of colours that are nearly the same."""
    out = io.BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(out, "JPEG", comment=name)
    return out.getvalue()


@contextmanager
def public_artwork(body: bytes) -> Iterator[PostArtwork]:
    """An artwork that can be fetched while the context is open."""

    class Picture(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Picture)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/cover.jpg"
        digest = hashlib.sha256(body).hexdigest()
        yield PostArtwork(url=url, sha256=digest, media_type="image/jpeg", alt="A blue square")
    finally:
        server.shutdown()
        server.server_close()
