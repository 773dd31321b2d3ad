"""Language codes as tags want them: three letters of ISO 639-2, from the RFC 5646 codes of a show."""

from __future__ import annotations

_THREE = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "cze", "da": "dan", "de": "ger", "el": "gre", "en": "eng",
    "es": "spa", "et": "est", "fa": "per", "fi": "fin", "fr": "fre", "ga": "gle", "he": "heb", "hi": "hin",
    "hr": "hrv", "hu": "hun", "id": "ind", "is": "ice", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit",
    "lv": "lav", "ms": "may", "nb": "nob", "nl": "dut", "nn": "nno", "no": "nor", "pl": "pol", "pt": "por",
    "ro": "rum", "ru": "rus", "sk": "slo", "sl": "slv", "sr": "srp", "sv": "swe", "ta": "tam", "th": "tha",
    "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "chi",
}  # fmt: skip


def iso639_2(language: str) -> str:
    """`en-us` as `eng`; `und` (undetermined) for what we do not know."""
    code = language.split("-", maxsplit=1)[0].lower()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else _THREE.get(code, "und")
