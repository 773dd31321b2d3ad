"""Redirect rules as they are printed, in the hands of those that they are for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import requests

from pillarcast.render.feed_redirects import redirect_rules
from tests.testbeds.place import free_port, process, run, wait_until

pytestmark = pytest.mark.real
NEW = "https://new.example.org/show's/feed.xml?a=1&b=2"
RULES = redirect_rules("https://cdn.example.com/show/feed.xml", NEW)
CALL = """
const answer = (uri) => handler({ request: { uri } });
console.log(JSON.stringify([answer("/show/feed.xml"), answer("/show/other.xml")]));
"""


def test_the_function_of_cloudfront_leads_the_feed_away_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "function.js").write_text(RULES["CloudFront (function, viewer request)"] + CALL, "utf-8")
    feed, other = json.loads(run("node", tmp_path / "function.js"))
    assert feed == {"statusCode": 301, "headers": {"location": {"value": NEW}}}
    assert other == {"uri": "/show/other.xml"}


def test_caddy_takes_the_rule_and_answers_with_it(tmp_path: Path) -> None:
    if shutil.which("caddy") is None:
        pytest.skip("needs caddy; scripts/install_real.sh installs it")
    port, log = free_port(), tmp_path / "caddy.log"
    (tmp_path / "Caddyfile").write_text(
        f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n {RULES['Caddy']}\n}}\n", "utf-8"
    )

    def asked(path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5, allow_redirects=False)

    def is_there() -> bool:
        try:
            return bool(asked("/").status_code)
        except requests.RequestException:
            return False

    with process("caddy", "run", "--config", tmp_path / "Caddyfile", log=log, env={"HOME": str(tmp_path)}) as caddy:
        wait_until(is_there, caddy, log)
        answer = asked("/show/feed.xml")
        assert (answer.status_code, answer.headers["Location"]) == (301, NEW)
        assert asked("/show/other.xml").status_code == 200


def test_vercel_reads_its_rule() -> None:
    (rule,) = json.loads(RULES["Vercel (vercel.json)"])["redirects"]
    assert rule == {"source": "/show/feed.xml", "destination": NEW, "statusCode": 301}
