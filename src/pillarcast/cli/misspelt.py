"""A word that no command knows is answered with the nearest one, not with all there are."""

from __future__ import annotations

import argparse
import re
import sys
from difflib import get_close_matches
from typing import NoReturn

EXIT_CODE = 2
_CHOICE = re.compile(r"argument (.+?): invalid choice: '(.*)' \(choose from (.+)\)", re.DOTALL)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        found = _CHOICE.fullmatch(message)
        if found is None:
            super().error(message)
        _, word, choices = found.groups()
        near = get_close_matches(word, re.findall(r"[\w-]+", choices), n=2)
        mend = f"Did you mean `{'`, or `'.join(near)}`? " if near else ""
        sys.stderr.write(f"{word}: {self.prog} knows no such word. {mend}`{self.prog} --help` lists them.\n")
        sys.exit(EXIT_CODE)
