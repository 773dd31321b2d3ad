"""Apple's categories, spelt as Apple spells them (Apple Podcasts categories, list of 2019)."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import partial

SUBCATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": ("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality",
    ),
    "Science": (
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature",
        "Physics", "Social Sciences",
    ),
    "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
    "Sports": (
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running",
        "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}  # fmt: skip

NAMES = tuple(
    name for parent, below in SUBCATEGORIES.items() for name in (parent, *(f"{parent} > {child}" for child in below))
)
_ALIKE = 0.5


def checked_category(name: str) -> str:
    """`name` when Apple knows it; ValueError with the nearest known name otherwise."""
    if name in NAMES:
        return name
    near = max(NAMES, key=partial(_likeness, name))
    hint = f"; the nearest is {near!r}" if _likeness(name, near) > _ALIKE else ""
    raise ValueError(f"{name!r} is none of Apple's categories{hint}")


def _likeness(name: str, known: str) -> float:
    """From 0 to 1, to the whole of a known name or to any word of it: `Gardening` is like `Home & Garden`."""
    parts = (known, known.rpartition(" > ")[2], *known.split())
    return max(SequenceMatcher(None, name.lower(), part.lower()).ratio() for part in parts)


def split_category(name: str) -> tuple[str, str | None]:
    parent, _, child = name.partition(" > ")
    return parent, child or None
