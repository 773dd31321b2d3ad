"""The programming note over a week: announced from the queue, then a link, worded anew, or left out."""

from datetime import UTC, datetime

import pytest

from pillarcast.errors import SettingsError
from pillarcast.model.addresses import Addresses
from pillarcast.model.base import FileRef
from pillarcast.model.episode import Episode, Person
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.show import About, Note, Show, Subscribe
from pillarcast.model.view import Upcoming, View
from pillarcast.render.programming_note import note_for, upcoming_note

ADDRESSES = Addresses(public_url="https://show.example/podcasts/public")
MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 4, 10, tzinfo=UTC)
NEXT_THURSDAY = datetime(2026, 6, 11, 10, tzinfo=UTC)
GUEST = Person(name="John Hale", role="guest", group="cast")


def episode(title, slug, published_at, *people):
    return Published(
        guid=slug,
        slug=slug,
        episode=Episode(title=title, people=people),
        published_at=published_at,
        enclosure=Enclosure(url=f"https://show.example/{slug}.mp3", length_bytes=1, media_type="audio/mpeg"),
        duration_s=60,
        page_url=ADDRESSES.page(slug),
    )


def view(*episodes, upcoming=None, note=None):
    return View(
        show=Show(
            show=About(title="The Corner Office", description="Careers.", host="Ann Reed"),
            subscribe=Subscribe(apple="https://podcasts.apple.com/x", spotify="https://open.spotify.com/y"),
            programming_note=note or Note(),
        ),
        show_guid="g",
        addresses=ADDRESSES,
        artwork=FileRef(key="private/a.jpg", sha256="a" * 64, length_bytes=1, media_type="image/jpeg"),
        episodes=episodes,
        upcoming=upcoming,
    )


QUEUED = Upcoming(guid="q", title="Social media, without tears", people=(GUEST,), slot=THURSDAY)


def test_before_it_airs_the_note_says_who_what_and_when_in_the_shows_zone():
    note = note_for(view(upcoming=QUEUED), MONDAY)
    assert note.text.startswith(
        "On Thursday, June 4 at 6:00 AM Eastern, John Hale speaks about “Social media, without tears”."
    )
    assert f'<a href="{ADDRESSES.home}">this page</a>' in note.html
    assert '<a href="https://podcasts.apple.com/x">Apple Podcasts</a>' in note.html
    assert f'<a href="{ADDRESSES.feed}">RSS</a>' in note.html


def test_once_it_is_live_the_note_leads_to_it_and_later_episodes_change_nothing():
    aired = episode("Social media, without tears", "social-media", THURSDAY, GUEST)
    after = view(aired)
    later = view(episode("Another", "another", NEXT_THURSDAY), aired, upcoming=QUEUED)
    note = note_for(after, MONDAY)
    assert f'<a href="{aired.page_url}">Social media, without tears</a>' in note.html
    assert note.text.startswith("Out now: John Hale on Social media")
    assert note_for(later, MONDAY) == note


def test_without_a_guest_the_host_speaks_and_two_guests_speak():
    host = Person(name="Ann Reed", role="host")
    alone = QUEUED.model_copy(update={"people": (host,)})
    both = QUEUED.model_copy(update={"people": (host, GUEST, Person(name="Mia Wong", role="guest"))})
    assert "Ann Reed speaks about" in upcoming_note(view(upcoming=alone)).text
    assert "John Hale and Mia Wong speak about" in upcoming_note(view(upcoming=both)).text


def test_a_title_is_words_and_never_markup():
    hostile = QUEUED.model_copy(update={"title": "*Pay* [rise](http://e.example) <script>x</script> {{ 7*7 }}"})
    note = upcoming_note(view(upcoming=hostile))
    assert "*Pay* [rise](http://e.example) <script>x</script> {{ 7*7 }}" in note.text.replace("\\", "")
    assert "<em>" not in note.html
    assert "<script" not in note.html


def test_an_empty_queue_has_no_note():
    assert note_for(view(), MONDAY) is None
    assert upcoming_note(view()) is None


def test_a_piece_words_its_own_note_until_the_episode_is_live():
    assert note_for(view(upcoming=QUEUED), MONDAY, "Thursday: **John** again.").html == (
        "<p>Thursday: <strong>John</strong> again.</p>"
    )
    aired = episode("Social media", "social-media", THURSDAY, GUEST)
    assert "Out now" in note_for(view(aired), MONDAY, "Thursday: **John** again.").text


def test_a_piece_or_the_whole_show_may_leave_it_out():
    assert note_for(view(upcoming=QUEUED), MONDAY, " ") is None
    off = view(upcoming=QUEUED, note=Note(enabled=False))
    assert note_for(off, MONDAY) is None
    assert note_for(off, MONDAY, "Mine.") is None


def test_the_show_may_word_it_anew():
    worded = Note(
        upcoming="Coming {{ day }} on *{{ show }}*: {{ people | join(' & ') }}, {{ slot.strftime('%H:%M') }}."
    )
    assert upcoming_note(view(upcoming=QUEUED, note=worded)).html == (
        "<p>Coming Thursday, June 4 on <em>The Corner Office</em>: John Hale, 06:00.</p>"
    )


@pytest.mark.parametrize("source", ["{{ nobody }}", "{% if %}", "{{ ''.__class__.__mro__ }}", "{{ 1 / 0 }}"])
def test_a_template_that_cannot_be_rendered_is_the_owners_to_mend(source):
    with pytest.raises(SettingsError, match=r"programming_note\.upcoming"):
        upcoming_note(view(upcoming=QUEUED, note=Note(upcoming=source)))


def test_daylight_saving_keeps_the_hour_on_the_wall():
    winter = QUEUED.model_copy(update={"slot": datetime(2026, 12, 3, 11, tzinfo=UTC)})
    assert "Thursday, December 3 at 6:00 AM Eastern" in upcoming_note(view(upcoming=winter)).text


@pytest.mark.parametrize(
    "title", ["ASP.NET for beginners", "Mail to me@example.com", "https://example.com/?a=1", "1. Begin"]
)
def test_a_title_is_words_wherever_a_note_has_it(title):
    for template in ("{{ title }}", "On: {{ title }}."):
        said = note_for(view(upcoming=QUEUED.model_copy(update={"title": title}), note=Note(upcoming=template)), MONDAY)
        assert "<a" not in said.html
        assert "<ol" not in said.html
        assert said.text == template.replace("{{ title }}", title)


def test_an_address_is_one_wherever_a_note_has_it():
    note = Note(live="[{{ title }}]({{ page_url }}) or {{ feed_url }} or <{{ listen_url }}>")
    said = note_for(view(episode("Two", "a_b_c", THURSDAY), note=note), MONDAY)
    for address in (ADDRESSES.page("a_b_c"), ADDRESSES.feed, ADDRESSES.home):
        assert f'href="{address}"' in said.html
