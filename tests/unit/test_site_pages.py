"""What single pages say: hostile words, security policy, machines' words, share images, own templates."""

import io
import json
import re

import pytest
import segno
from lxml import etree
from lxml import html as parser
from PIL import Image

from pillarcast.errors import ArtworkRefused, SettingsError
from pillarcast.model.base import FileRef
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import EpisodeKind, Person
from pillarcast.model.feed_values import ContentLink, Funding, SocialPost
from pillarcast.model.imported import UNKNOWN_DURATION_S
from pillarcast.model.published import Enclosure
from pillarcast.model.show import Site
from pillarcast.render.pages.transcript import paragraphs_of, parse_transcript
from pillarcast.render.site import site_objects
from tests.site_support.serving import rendered
from tests.site_support.showcase import TRANSCRIPT, about, showcase

PUBLIC_URL = "https://show.example/public"
EPISODE = "public/episodes/social-media"
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} & <b>"


def pages(view, bucket, templates=None):
    return {
        wanted.key: wanted.render({key: bucket.files[key] for key in wanted.needs}).decode()
        for wanted in site_objects(view, templates)
        if wanted.media_type in ("text/html", "application/xml", "text/plain", "application/json")
    }


def with_episode(view, **changes):
    """The view with other words in its newest episode."""
    newest = view.episodes[0]
    changed = newest.model_copy(update={"episode": newest.episode.model_copy(update=changes)})
    return view.model_copy(update={"episodes": (changed, *view.episodes[1:])})


@pytest.fixture(scope="module")
def plain():
    return pages(*showcase(PUBLIC_URL))


def test_hostile_words_stay_words_everywhere():
    view, bucket = showcase(PUBLIC_URL, show=about(title=HOSTILE, description=HOSTILE, host=HOSTILE))
    view = with_episode(
        view,
        title=HOSTILE,
        summary=HOSTILE,
        tags=(HOSTILE,),
        people=(Person(name=HOSTILE[:128], role="guest", url="javascript:alert(1)"),),
        chapters=(Chapter(start_s=0, title=HOSTILE, url="javascript:alert(1)", image="javascript:x"),),
        artwork_alt=HOSTILE,
    )
    for key, html in pages(view, bucket).items():
        if key.endswith((".json", ".txt", ".xml")):
            continue
        tree = parser.fromstring(html)
        scripts = [script for script in tree.iter("script") if script.get("type") != "application/ld+json"]
        assert all(script.get("src") and not script.text for script in scripts), key
        assert not tree.xpath("//@onerror | //@onclick | //@style"), key
        assert not [link for link in tree.xpath("//@href | //@src") if link.lower().startswith("javascript")], key
        for script in tree.xpath("//script[@type='application/ld+json']"):
            json.loads(script.text)
        assert "49" not in tree.findtext(".//title")


def test_the_hour_of_the_show_stands_with_its_zone_on_every_page(plain):
    for key in ("public/index.html", "public/about", EPISODE):
        assert "Thursdays at 6:00 AM Eastern" in plain[key], key


def test_the_link_to_a_guest_says_what_it_is():
    view, bucket = showcase(PUBLIC_URL)
    guest = Person(name="Dana Reed", role="guest", url="https://dana.example")
    page = parser.fromstring(pages(with_episode(view, people=(guest,)), bucket)[EPISODE])
    links = [link.text_content() for link in page.iter("a")]
    assert "website of Dana Reed" in links


def test_json_that_pages_carry_is_what_it_says(plain):
    tree = parser.fromstring(plain[EPISODE])
    episode = json.loads(tree.find(".//script[@type='application/ld+json']").text)
    assert episode["@type"] == "PodcastEpisode"
    assert episode["timeRequired"] == "PT1M20S"
    assert episode["associatedMedia"]["contentUrl"].endswith("/social-media.mp3")
    assert episode["partOfSeries"]["webFeed"] == f"{PUBLIC_URL}/feed.xml"
    series = json.loads(
        parser.fromstring(plain["public/index.html"]).find(".//script[@type='application/ld+json']").text
    )
    assert series["@type"] == "PodcastSeries"


def test_oembed_is_discovered_and_answers_with_the_player(plain):
    link = parser.fromstring(plain[EPISODE]).find(".//link[@type='application/json+oembed']").get("href")
    answer = json.loads(plain[link.replace(PUBLIC_URL, "public")])
    assert answer["version"] == "1.0"
    frame = parser.fromstring(answer["html"])
    assert frame.get("src") == f"{PUBLIC_URL}/embed/social-media"
    assert frame.get("title") == "Social media for your career"


def test_cards_name_player_audio_and_share_image(plain):
    tree = parser.fromstring(plain[EPISODE])
    meta = {element.get("property") or element.get("name"): element.get("content") for element in tree.iter("meta")}
    assert meta["twitter:card"] == "player"
    assert meta["twitter:player"] == f"{PUBLIC_URL}/embed/social-media"
    assert meta["og:audio:type"] == "audio/mpeg"
    assert re.fullmatch(rf"{PUBLIC_URL}/share/social-media-\w{{10}}\.jpg", meta["og:image"])


def test_the_policy_forbids_whatever_is_not_ours(plain):
    for key, html in plain.items():
        if html.startswith("<!doctype"):
            policy = parser.fromstring(html).find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), key
            assert "unsafe" not in policy
            assert "http" not in policy


def test_audio_that_another_host_keeps_is_allowed_and_nothing_else():
    view, bucket = showcase(PUBLIC_URL)
    elsewhere = Enclosure(url="https://old.example/a/1.mp3?x=1", length_bytes=1, media_type="audio/mpeg")
    foreign = FileRef(key="", sha256="b" * 64, length_bytes=1, media_type="image/jpeg")
    newest = view.episodes[0].model_copy(update={"enclosure": elsewhere, "artwork": foreign, "transcript": foreign})
    page = parser.fromstring(pages(view.model_copy(update={"episodes": (newest,)}), bucket)[EPISODE])
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert "media-src 'self' https://old.example;" in policy
    assert page.find(".//audio").get("src") == elsewhere.url
    assert page.find(".//details") is None


def test_the_sitemap_names_every_page_that_is_to_be_found(plain):
    tree = etree.fromstring(plain["public/sitemap.xml"].encode())
    found = {element.text for element in tree.iter("{*}loc")}
    assert f"{PUBLIC_URL}/episodes/social-media" in found
    assert f"{PUBLIC_URL}/articles/article-1" in found
    assert not [address for address in found if "/embed/" in address or "404" in address]
    assert f"Sitemap: {PUBLIC_URL}/sitemap.xml" in plain["public/robots.txt"]


def test_links_elsewhere_stand_beside_the_notes():
    view, bucket = showcase(PUBLIC_URL)
    view = with_episode(
        view,
        content_links=(ContentLink(url="https://youtube.example/watch"),),
        social=(SocialPost(uri="https://social.example/@show/1"), SocialPost(protocol="disabled")),
        funding=(Funding(url="https://tip.example/jar", text="Buy us a tea"),),
        kind=EpisodeKind.BONUS,
    )
    html = pages(view, bucket)[EPISODE]
    assert '<a href="https://youtube.example/watch" dir="auto">youtube.example</a>' in html
    assert "Discuss this episode" in html
    assert "Buy us a tea" in html
    assert "<span>Bonus</span>" in html


def test_the_qr_code_is_that_of_the_page_it_stands_on(plain):
    svg = parser.fromstring(plain["public/about"]).find(".//figure/svg")
    size = int(svg.get("viewbox").split()[2])
    drawn = [[0] * size for _ in range(size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg.findall("path")[1].get("d")):
        drawn[int(y)][int(x) : int(x) + int(length)] = [1] * int(length)
    expected = segno.make(f"{PUBLIC_URL}/about", error="m", micro=False)
    assert drawn == [list(row) for row in expected.matrix_iter(border=4)]


def test_share_images_show_something_and_new_words_are_a_new_image():
    view, bucket = showcase(PUBLIC_URL, count=1)

    def share(changed):
        found = next(wanted for wanted in site_objects(changed) if wanted.key.startswith("public/share/"))
        return found.key, Image.open(io.BytesIO(found.render(bucket.files)))

    key, image = share(view)
    other_key, other = share(with_episode(view, title="Another title, and a longer one, in “quotes” — José"))
    assert image.size == (1200, 630)
    assert key != other_key
    assert image.tobytes() != other.tobytes()
    assert len(other.crop((630, 120, 1140, 440)).resize((51, 32)).getcolors(51 * 32)) > 20
    share(with_episode(view, title="面接の前に"))
    share(with_episode(view, title="Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3))


def test_artwork_that_cannot_be_read_is_the_owners_to_mend():
    view, bucket = showcase(PUBLIC_URL, count=1)
    broken = {**bucket.files, view.artwork.key: b"no picture"}
    found = next(wanted for wanted in site_objects(view) if wanted.key.startswith("public/pictures/"))
    with pytest.raises(ArtworkRefused, match="cannot be read"):
        found.render(broken)


def test_a_logo_stands_beside_the_name_and_keeps_its_shape():
    view, bucket = showcase(PUBLIC_URL, count=1)
    buffer = io.BytesIO()
    Image.new("RGBA", (900, 300), (0, 0, 0, 0)).save(buffer, "PNG")
    logo = bucket.keep(buffer.getvalue(), "image/png")
    objects = rendered(view.model_copy(update={"logo": logo}), bucket)
    source = parser.fromstring(objects[EPISODE][1]).find(".//a[@class='name']/img").get("src")
    image = Image.open(io.BytesIO(objects[source.replace("..", "public")][1]))
    assert image.size == (216, 72)
    assert image.mode == "RGBA"


class TestOwnTemplates:
    def test_one_takes_the_place_of_ours_and_changes_the_digest(self, plain):
        own = {"notfound.html": "{% extends 'base.html' %}{% block main %}<h1>Gone fishing</h1>{% endblock %}"}
        view, bucket = showcase(PUBLIC_URL)
        changed = pages(view, bucket, own)
        assert "Gone fishing" in changed["public/404.html"]
        assert changed[EPISODE] == plain[EPISODE]
        digests = [{wanted.key: wanted.inputs for wanted in site_objects(view, given)} for given in (None, own)]
        assert digests[0]["public/404.html"] != digests[1]["public/404.html"]

    def test_style_and_scripts_may_be_the_owners(self):
        view, _ = showcase(PUBLIC_URL, count=1)
        own = {"style.css": "p { color: red; }  /* mine */", "search.js": "  // mine"}
        made = [wanted.render({}) for wanted in site_objects(view, own) if wanted.key.startswith("public/assets/")]
        assert [body for body in made if body.endswith(b"p { color: red; }  /* mine */")]
        assert b"  // mine" in made

    @pytest.mark.parametrize("source", ["{% if %}", "{{ nobody.there }}", "{{ ''.__class__.__mro__[1] }}"])
    def test_a_broken_one_is_named(self, source):
        view, bucket = showcase(PUBLIC_URL, count=1)
        with pytest.raises(SettingsError, match=r"templates/notfound\.html"):
            pages(view, bucket, {"notfound.html": source})


class TestTranscripts:
    def test_voices_of_webvtt_are_speakers(self):
        paragraphs = paragraphs_of(TRANSCRIPT)
        assert [(paragraph.speaker, paragraph.start_s) for paragraph in paragraphs] == [
            ("Helen Marlowe", 0),
            ("Adrian Cole", 16),
            ("Helen Marlowe", 35),
        ]

    def test_subrip_with_names_and_formatting(self):
        text = (
            "1\r\n00:00:01,500 --> 00:00:03,000\r\nAnn: <i>Good</i> morning\r\nto you.\r\n\r\n"
            "2\r\n00:01:00,000 --> 00:01:02,000\r\nYes &amp; no."
        )
        cues = parse_transcript(text)
        assert [(cue.speaker, cue.start_s, cue.text) for cue in cues] == [
            ("Ann", 1.5, "Good morning to you."),
            ("", 60, "Yes & no."),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "1\n00:00:01 --> 00:00:02\nHello.\n\n2\n00:00:03 --> 00:00:04\nBye.\n",
            "WEBVTT\n\n00:01.000-->00:02.000\nHello.\n\n00:03.000-->00:04.000\nBye.\n",
            "1\n00:00:01,000 --> 00:00:02,000\nHello.\n2\n00:00:03,000 --> 00:00:04,000\nBye.",
            "1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nHello.\r\r\n\r\r\n00:00:03,000 --> 00:00:04,000\r\r\nBye.\r\r\n",
            "1\r00:00:01,000 --> 00:00:02,000\rHello.\r \r2\r00:00:03,000 --> 00:00:04,000\rBye.\r",
        ],
    )
    def test_odd_times_and_line_ends_are_times_and_line_ends(self, text):
        assert [(cue.start_s, cue.text) for cue in parse_transcript(text)] == [(1, "Hello."), (3, "Bye.")]

    def test_text_without_times_stays_paragraphs(self):
        paragraphs = paragraphs_of("Ann: Hello.\nAnd welcome.\n\nBob: Thank you.\n")
        assert [(paragraph.speaker, paragraph.cues[0].text) for paragraph in paragraphs] == [
            ("Ann", "Hello. And welcome."),
            ("Bob", "Thank you."),
        ]


def test_fonts_are_asked_for_only_where_titles_use_them():
    view, bucket = showcase(PUBLIC_URL, site=Site(font="rounded"))
    assert 'rel="preload"' not in pages(view, bucket)[EPISODE]
    view, bucket = showcase(PUBLIC_URL, site=Site(font="serif"))
    assert 'rel="preload" as="font"' in pages(view, bucket)[EPISODE]


def test_a_duration_that_no_feed_told_is_shown_nowhere():
    view, bucket = showcase(PUBLIC_URL)
    newest = view.episodes[0].model_copy(update={"duration_s": UNKNOWN_DURATION_S})
    made = pages(view.model_copy(update={"episodes": (newest, *view.episodes[1:])}), bucket)
    for key in (EPISODE, "public/index.html", "public/archive", "public/embed/social-media"):
        assert "<span>0 sec</span>" not in made[key], key
        assert "PT0M0S" not in made[key], key
    assert 'data-duration="0"' in made[EPISODE], "what is smaller than any chapter would keep links from seeking"
    assert 'class="ticks"' not in made[EPISODE]
