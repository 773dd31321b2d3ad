"""Golden posts: the whole of what each engine is given, for one episode with everything in its notes.

After a wanted change: `python -m tests.golden.test_blog_golden` writes them anew; read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pillarcast.adapters.git_site_files import GENERATORS, file_of
from pillarcast.model.show import BlogTarget
from pillarcast.render.post import article_post_of, post_of
from pillarcast.render.post_body import PostTemplates
from pillarcast.render.post_ghost import lexical_of
from tests.blog_support.pieces import week

GOLDEN = Path(__file__).with_name("posts")
NOTES = """\
Bring **numbers**, and say [gallery id=1] or {{ site.title }} if you *must*.

## Three of them
1. How many
2. How much
3. By when

| Before | After |
|---|---|
| managed a team | led 14 people |

```
{{< figure src="x" >}} {% include y %}
```

<script>alert(1)</script> Ask at <https://example.com/?a[]=1&b={{c}}>.
"""


def posts() -> dict[str, str]:
    """File name → what goes out."""
    view = week(is_thursday_live=True)
    post = post_of(view, view.episodes[0], NOTES.encode())
    templates = PostTemplates()
    made = {f"{kind}.html": templates.body(kind, "post.html", post) for kind in ("wordpress", "micropub")}
    made["ghost.json"] = json.dumps(json.loads(lexical_of(templates.body("ghost", "post.html", post), post)), indent=1)
    for generator in GENERATORS:
        target = BlogTarget(name="site", kind="git", generator=generator)
        made[f"{generator}.txt"] = file_of(target, post, templates.body("git", "post.html", post), is_draft=False)
    before = week(is_thursday_live=False)
    article = article_post_of(before, before.articles[0], b"Slow down.")
    made["article.html"] = templates.body("wordpress", "post.html", article)
    return made


@pytest.mark.parametrize("name", sorted(posts()))
def test_the_post_is_the_golden_one(name: str) -> None:
    assert posts()[name] == (GOLDEN / name).read_text("utf-8")


def test_no_golden_post_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(posts())


if __name__ == "__main__":
    for name, text in posts().items():
        (GOLDEN / name).write_text(text, "utf-8")
