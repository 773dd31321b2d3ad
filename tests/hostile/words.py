"""Words that want to be more than words, and a show in which they stand wherever anybody can write."""

from __future__ import annotations

import json
from itertools import cycle

from pillarcast.pipeline.drops import look
from tests.show_support.place import Place, ingest_drop, publish_all

SCRIPTS = {
    "an element": "<script>owned()</script>",
    "a closing title": "</title></script></style></textarea><script>owned()</script>",
    "an attribute's end": "\"' autofocus onfocus=owned() onmouseover='owned()' x=\"><img src=x onerror=owned()>",
    "an image": "<img src=x onerror=owned()><svg/onload=owned()>",
    "an address": "javascript:owned()//https://x.example/",
    "a CDATA's end": "]]><script>owned()</script><![CDATA[",
    "a comment's end": "--><script>owned()</script><!--",
    "a data island's end": '{"a":"</script><script>owned()</script>"}',
    "a link in Markdown": "[x](javascript:owned()) ![x](x'onerror='owned()) <https://x.example/\"onclick=owned()>",
    "an entity": "&lt;script&gt;owned()&lt;/script&gt; &#60;img src=x onerror=owned()&#62;",
    "a frame": "<iframe srcdoc='<script>parent.owned()</script>'></iframe><object data='data:text/html,x'></object>",
    "mutation": '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=owned()>">',
    "another direction": "\u202e\u2066<b>owned()\u2069",
}
TEMPLATES = {
    "Jinja": "{{ 7*191 }}{% for x in range(9) %}x{% endfor %}{{ ''.__class__.__mro__ }}",
    "Liquid and Go": "{% raw %}{{ 7 | times: 191 }}{{ printf .Site.Title }}${7*191}<%= 7*191 %>#{7*191}",
    "shortcodes": "[gallery ids=1][embed]https://x.example[/embed]{{< youtube x >}}{{% include x %}}[[x]]",
}
ANSWER = "1337"
"""What a template that was carried out would have left."""

POLICY_BREAKER = "https://x.example; script-src-elem * 'unsafe-inline';/b.jpg"


def groups() -> list[tuple[str, ...]]:
    """All of them, four to an episode: an episode takes seconds."""
    words = [*SCRIPTS.values(), *TEMPLATES.values()]
    return [tuple(words[at : at + 4]) for at in range(0, len(words), 4)]


def alone() -> list[tuple[str, ...]]:
    """Each in an episode of its own."""
    return [(word,) for word in (SCRIPTS | TEMPLATES).values()]


def notes_of(words: tuple[str, ...]) -> str:
    """Notes in which everything says one of `words`, and lists say all."""
    said = [json.dumps(word[:100], ensure_ascii=False) for word in words]
    leads = [json.dumps("https://x.example/" + "".join(c for c in word[:80] if c not in '<>"\\ ')) for word in words]
    one = cycle(said)
    lines = [
        f"title: {said[0]}",
        *(f"{name}: {next(one)}" for name in ("summary", "season_name", "image_alt", "programming_note")),
        f"episode_text: {json.dumps(words[-1][:30], ensure_ascii=False)}",
        "season: 1",
        f"link: {leads[0]}",
        f"tags: [{', '.join(said)}]",
        *_list("guests", ("name: {0}, role: {0}, url: {1}", said, leads)),
        *_list("people", ("name: {0}, role: {0}, image: {1}", said, leads)),
        "chapters:",
        *(
            f'  - {{at: "0:0{at}", title: {word}, url: {lead}, image: {lead}}}'
            for at, (word, lead) in enumerate(zip(said, leads, strict=True))
        ),
    ]
    body = "".join(
        f"# {word}\n\n{word}\n\n- {word}\n\n`{word}`\n\n0:01 {word}\n\n| {word} | b |\n|---|---|\n\n" for word in words
    )
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}"


def _list(name: str, row: tuple[str, list[str], list[str]]) -> list[str]:
    form, said, leads = row
    return [f"{name}:", *(f"  - {{{form.format(*pair)}}}" for pair in zip(said, leads, strict=True))]


def transcript_of(words: tuple[str, ...]) -> str:
    cues = "".join(
        f"00:0{at}.000 --> 00:0{at + 1}.000\n<v {word}>{word}\n{word}: {word}\n\n" for at, word in enumerate(words)
    )
    return f"WEBVTT\n\n{cues}"


def show_of(episodes: list[tuple[str, ...]], place: Place) -> dict[str, tuple[str, bytes]]:
    """The public objects, (media type, bytes) by key, of a show with such episodes, published by the real pipeline."""
    for number, words in enumerate(episodes, 1):
        name = f"{number:03} {_file_name(words[0])}"
        place.drop(name, notes_of(words), seed=number, seconds=5)
        (place.episodes / f"{name}.vtt").write_text(transcript_of(words), "utf-8")
    with place.opened() as house:
        folder = look(place.episodes)
        assert folder.problems == ()
        for drop in folder.drops:
            taken = ingest_drop(house.studio, place.episodes, drop.name)
            assert taken.entry is not None
            publish_all(house.studio, taken.entry.guid)
        bucket = house.studio.bucket
        found = {stored.key: bucket.fetch(stored.key) for stored in bucket.keys("public/")}
    return {key: (fetched[1].media_type, fetched[0]) for key, fetched in found.items() if fetched}


def _file_name(word: str) -> str:
    """As much of it as a file may be called."""
    return word.replace("/", "∕")[:60].strip(" .") or "x"
