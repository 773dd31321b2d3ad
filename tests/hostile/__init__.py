"""Everything that comes from outside is taken for hostile here: a corpus, and what must happen to each of it."""
