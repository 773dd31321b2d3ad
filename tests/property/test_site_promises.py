"""Promises of the pages: colours can be read, lists never shift, transcripts of any shape become text."""

import base64
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pillarcast.model.base import FileRef
from pillarcast.model.show import Site
from pillarcast.model.view import PublishedArticle
from pillarcast.render.pages.colours import ENOUGH, contrast, on
from pillarcast.render.pages.listing import PER_PAGE, Listing, blocks_of
from pillarcast.render.pages.paths import person_key, relative, tag_key
from pillarcast.render.pages.theme import DAY, FACES, NIGHT, theme_css
from pillarcast.render.pages.transcript import paragraphs_of, parse_transcript
from pillarcast.render.pages.waveform import BARS, HEIGHT, bars_of, waveform_path

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
AIRED = datetime(2026, 6, 4, 10, tzinfo=UTC)
BODY = FileRef(key="private/files/a.md", sha256="0" * 64, length_bytes=1, media_type="text/markdown")
URLS = dict.fromkeys(FACES, "x.woff2")


def variables(css: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in css.rpartition("{")[2].rstrip("}\n").split(";") if pair.startswith("--"))


@given(COLOUR)
def test_every_accent_can_be_read_by_day_and_by_night(accent):
    _, day, night = theme_css(Site(accent=accent), URLS).split(":root")
    for css, ground in ((day.split("}")[0], DAY), (night.split("}")[0], NIGHT)):
        colours = variables(css)
        for paper in (ground.paper, ground.card, colours["--tint"]):
            assert contrast(colours["--accent"], paper) >= ENOUGH
            assert contrast(colours["--faint"], paper) >= ENOUGH
            assert contrast(colours["--ink"], paper) >= ENOUGH
        assert contrast(colours["--accent"], colours["--on-accent"]) >= ENOUGH
        assert contrast(colours["--edge"], ground.paper) >= 3


@given(COLOUR)
def test_white_or_black_reads_on_anything(colour):
    assert contrast(on(colour), colour) >= 4.5


def article(number: int) -> PublishedArticle:
    words = {"slug": str(number), "title": str(number), "summary": "", "programming_note": None, "page_url": ""}
    return PublishedArticle(guid=str(number), body=BODY, artwork=None, tags=(), published_at=AIRED, **words)


@given(st.integers(0, 8 * PER_PAGE), st.integers(1, 3 * PER_PAGE))
@settings(max_examples=60, deadline=None)
def test_pages_of_a_list_hold_everything_and_full_ones_stay(count, more):
    listing = Listing("public/archive", "All", "All")

    def pages(total):
        listed = [article(number) for number in range(total - 1, -1, -1)]
        return {page.key: (page.words | page.read({}), page.inputs) for page in listing.pages(listed)}

    before, after = pages(count), pages(count + more)
    shown = [teaser.title for words, _ in reversed(before.values()) for teaser in words["teasers"]]
    newest = before["public/archive"][0]["teasers"]
    assert sorted(map(int, shown)) == list(range(count))
    assert len(newest) < 2 * PER_PAGE + 1
    assert len(newest) >= min(count, PER_PAGE)
    frozen = [key for key in before if key != "public/archive"]
    assert [key for key in frozen[:-1] if before[key] != after[key]] == []
    for key in frozen:
        assert before[key][0]["teasers"] == after[key][0]["teasers"]
        assert before[key][1] == after[key][1]


@given(st.lists(st.integers()), st.integers(1, 9))
def test_blocks_keep_every_thing_once_in_order(things, size):
    assert [thing for block in reversed(blocks_of(things, size)) for thing in block] == things


@given(st.binary(max_size=600))
def test_a_waveform_has_its_bars_and_stays_in_its_box(peaks):
    bars = bars_of(base64.b64encode(peaks).decode())
    assert len(bars) == min(BARS, len(peaks))
    assert all(2 <= bar <= HEIGHT for bar in bars)
    assert waveform_path(base64.b64encode(peaks).decode()).count("M") == len(bars)


@given(st.text())
def test_peaks_of_any_shape_are_a_waveform_or_none(peaks):
    assert all(2 <= bar <= HEIGHT for bar in bars_of(peaks))


PIECES = st.sampled_from(
    ("WEBVTT", "\n", "\n\n", "00:01.000 --> 00:02.000", "00:00:01,5 --> 1", "1", "<v Ann>", "<i>", "Ann: ", "-->", "é")
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join))
@settings(deadline=None)
def test_any_transcript_becomes_text_without_markup(transcript):
    cues = parse_transcript(transcript)
    assert all(cue.text.strip() for cue in cues)
    assert [cue for paragraph in paragraphs_of(transcript) for cue in paragraph.cues] == list(cues)


@given(st.text(min_size=1, max_size=60))
def test_names_of_any_script_have_a_key_that_is_no_folder(name):
    for key in (tag_key(name), person_key(name)):
        assert key.count("/") == 2
        assert key.rpartition("/")[2]


def test_links_are_relative_to_where_they_stand():
    assert relative("public/index.html", "public/episodes/a") == "episodes/a"
    assert relative("public/episodes/a", "public/index.html") == "../index.html"
    assert relative("public/episodes/a", "public/episodes/b") == "b"
    assert relative("public/tags/a.1", "public/search/1.json") == "../search/1.json"
