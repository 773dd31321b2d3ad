"""Files that were given another name: what the catalogue calls their pieces from then on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.known import is_rerun
from pillarcast.model.naming import Piece


@dataclass(frozen=True)
class Lying:
    """What lies in the drop folders: the hash of each recording, and of each article's words, by their names. The hash
    is empty where it was not looked at, which is enough for a name that the catalogue has."""

    recordings: Mapping[str, str]
    articles: Mapping[str, str]


def renamed(catalogue: Catalogue, lying: Lying) -> dict[str, str]:
    """New names by guid. Only where it is beyond doubt: the old name is gone, the same content lies under one other
    name, which no piece has, and is that of no other piece, and no other number. What was retracted is taken anew under
    another name, or refused, and keeps its own."""
    return _renamed(catalogue.entries, lying.recordings) | _renamed(catalogue.articles, lying.articles)


def with_names(catalogue: Catalogue, names: Mapping[str, str]) -> Catalogue:
    """The catalogue with these names, by guid; nothing else of a piece changes."""
    for entry in catalogue.entries:
        if entry.guid in names:
            catalogue = catalogue.with_entry(entry.model_copy(update={"source": names[entry.guid]}))
    for article in catalogue.articles:
        if article.guid in names:
            catalogue = catalogue.with_article(article.model_copy(update={"source": names[article.guid]}))
    return catalogue


def content_of(piece: Piece) -> str:
    """The hash that tells a piece whatever its name; empty where it has no recording."""
    if isinstance(piece, ArticleEntry):
        return piece.body.sha256
    return piece.recording.sha256 if piece.recording else ""


def _renamed(pieces: Iterable[Entry] | Iterable[ArticleEntry], lying: Mapping[str, str]) -> dict[str, str]:
    standing = [piece for piece in pieces if piece.retracted_at is None]
    taken = {piece.source for piece in standing}
    names: dict[str, list[str]] = defaultdict(list)
    for name, sha256 in lying.items():
        if sha256 and name not in taken:
            names[sha256].append(name)
    owners = Counter(content_of(piece) for piece in standing)
    found = {
        piece.guid: (piece, names[sha256][0])
        for piece in standing
        if piece.source not in lying and owners[sha256 := content_of(piece)] == 1 and len(names.get(sha256, ())) == 1
    }
    reruns = {guid for guid, (piece, name) in found.items() if isinstance(piece, Entry) and is_rerun(piece, name)}
    return {guid: name for guid, (_, name) in found.items() if guid not in reruns}
