"""Settings that are wrong are told in one line each, whatever is wrong with them, and no secret of theirs with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pillarcast.cli import main
from pillarcast.errors import SettingsError
from pillarcast.pipeline.show_file import change_show_file
from pillarcast.settings import blog_secret, load

SHOW = '[show]\ntitle = "A"\nhost = "C"\ndescription = "B"\n'


@pytest.fixture
def show_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "show.toml"
    path.write_text(SHOW, "utf-8")
    return path


@pytest.mark.parametrize(("name", "value"), [
    ("PILLARCAST_UI_PORT", "abc"), ("PILLARCAST_BUCKET", ""),
    ("PILLARCAST_BUCKET_ENDPOINT", "https://anna:geheim123@s3.example.org"),
])  # fmt: skip
@pytest.mark.usefixtures("show_file")
def test_the_environment_is_judged_without_a_show_being_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["plan"]) == 3
    told = capsys.readouterr().err
    assert name in told
    assert "geheim123" not in told


def test_the_mark_of_an_editor_on_windows_is_no_fault(show_file: Path) -> None:
    show_file.write_bytes(b"\xef\xbb\xbf" + SHOW.replace("\n", "\r\n").encode())
    _, show = load(show_file)
    assert show.show.title == "A"
    change_show_file(
        show_file, lambda text: f"{text}kind = 'serial'\n", lambda written: written["show"].update(kind="serial")
    )


@pytest.mark.parametrize("bucket", ['bucket = "folder"\n{}', "{}[[bucket]]\nkind = 'folder'\n[[bucket]]\n"])
def test_a_bucket_that_is_no_table_is_told_once(show_file: Path, bucket: str) -> None:
    show_file.write_text(bucket.format(SHOW), "utf-8")
    with pytest.raises(SettingsError, match=r"`bucket` is no table\. Write one table: `\[bucket\]`"):
        load(show_file)


def test_a_show_file_that_cannot_be_opened_is_told(show_file: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(show_file / "show.toml")
    show_file.write_bytes(SHOW.encode("utf-16"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load(show_file)


def test_blanks_around_a_secret_are_no_part_of_it(show_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCESS_KEY", "SECRET_KEY", "BUCKET_REGION", "BLOG_MAIN_SECRET"):
        monkeypatch.setenv(f"PILLARCAST_{name}", " one two\r\n")
    settings, _ = load(show_file)
    secrets = (settings.access_key, settings.secret_key, blog_secret("main"))
    assert {secret.get_secret_value() for secret in secrets} == {settings.bucket_region} == {"one two"}
