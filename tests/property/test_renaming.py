"""Learning a name changes nothing but the name, and never makes one of two standing pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import event, given
from hypothesis import strategies as st

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.episode import Episode
from pillarcast.model.known import is_known
from pillarcast.model.renaming import Lying, content_of, renamed, with_names

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = ["041-a", "042-b", "043-Grüße", "044-d", "045-e"]
CONTENTS = ["a" * 64, "b" * 64, "c" * 64]
moments = st.sampled_from([None, NOW])
folders = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*CONTENTS, ""]))


def file(sha256: str) -> FileRef:
    return FileRef(key=f"private/{sha256}", sha256=sha256, length_bytes=1, media_type="audio/wav")


def entry(number: int, source: str, sha256: str, published: datetime | None, retracted: datetime | None) -> Entry:
    return Entry(
        guid=f"g{number}", slug=f"s{number}", source=source, recording=file(sha256) if sha256 else None, slot=NOW,
        episode=Episode(title=str(number)), dropped_at=NOW, published_at=published, retracted_at=retracted,
    )  # fmt: skip


def article(
    number: int, source: str, sha256: str, published: datetime | None, retracted: datetime | None
) -> ArticleEntry:
    return ArticleEntry(
        guid=f"a{number}", slug=f"as{number}", source=source, title=str(number), body=file(sha256), slot=NOW,
        published_at=published, retracted_at=retracted,
    )  # fmt: skip


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Standing pieces have names of their own; what was retracted may have any."""
    made: dict[type, list[object]] = {}
    for kind, contents in ((entry, [*CONTENTS, ""]), (article, CONTENTS)):
        sources = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
        gone = draw(st.lists(st.sampled_from(NAMES), max_size=2))
        standing = [(source, draw(st.sampled_from(contents)), draw(moments), None) for source in sources]
        retracted = [(source, draw(st.sampled_from(contents)), draw(moments), NOW) for source in gone]
        made[kind] = [kind(number, *one) for number, one in enumerate([*standing, *retracted])]
    return Catalogue(show_guid="s", entries=tuple(made[entry]), articles=tuple(made[article]))


@given(catalogues(), folders, folders)
def test_only_names_change_and_no_two_pieces_get_one(
    before: Catalogue, recordings: Mapping[str, str], articles: Mapping[str, str]
) -> None:
    lying = Lying(recordings, articles)
    names = renamed(before, lying)
    after = with_names(before, names)
    event(f"{len(names)} learned")
    old = {piece.guid: piece for piece in before.pieces}
    assert [piece.guid for piece in after.pieces] == [*old]
    for piece in after.pieces:
        assert piece.model_copy(update={"source": old[piece.guid].source}) == old[piece.guid]
    for kind in (after.entries, after.articles):
        standing = [piece.source for piece in kind if piece.retracted_at is None]
        assert len({*standing}) == len(standing)
    for guid, name in names.items():
        where = recordings if guid.startswith("g") else articles
        assert old[guid].source not in where, "a copy, not a rename"
        assert where[name] == content_of(old[guid])
        assert old[guid].retracted_at is None
    assert not renamed(after, lying)


@given(st.sampled_from(CONTENTS), moments)
def test_what_comes_next_under_a_learned_name_is_known_by_it(sha256: str, published: datetime | None) -> None:
    before = Catalogue(show_guid="s", entries=(entry(1, NAMES[0], sha256, published, None),))
    for name, is_learned in (("041-another", True), ("another", True), (NAMES[2], published is None)):
        after = with_names(before, renamed(before, Lying({name: sha256}, {})))
        assert is_known(after, name, "f" * 64) == is_learned, "what is on air is not numbered anew"
        assert not is_known(before, name, "f" * 64)
