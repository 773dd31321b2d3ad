"""Every knob that is not the show's own: from `[bucket]` in show.toml and the environment (`PILLARCAST_*`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pillarcast.errors import Problem, SettingsError, Several
from pillarcast.model.base import OpenAddress
from pillarcast.model.reading import read_toml, read_value
from pillarcast.model.show import Show


def _as_given(value: object) -> object:
    """A secret is not stripped where it is one already."""
    return SecretStr(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """The environment wins over `[bucket]` in show.toml. Secrets come from the environment only."""

    # Files of secrets end with a line break, which no header may hold: blanks around a value are not part of it.
    model_config = SettingsConfigDict(env_prefix="PILLARCAST_", extra="ignore", frozen=True, str_strip_whitespace=True)

    show: Path = Field(
        default=Path("show.toml"),
        description="The show's file; its folder is the project. `up` and `serve` take a folder of shows as well.",
    )
    bucket: Literal["embedded", "s3", "folder"] = Field(
        default="embedded",
        description="`embedded` starts a server on this machine, `s3` uses yours, `folder` a folder.",
    )
    bucket_endpoint: OpenAddress = Field(default="", description="The S3 endpoint; empty means AWS.")
    bucket_name: str = Field(default="podcasts", description="The bucket's name.")
    bucket_region: str = Field(default="us-east-1", description="The bucket's region.")
    bucket_prefix: str = Field(default="", description="A show's own prefix below public/ and private/.")
    bucket_public_url: OpenAddress = Field(
        default="", description="What `public/` is read by, such as your CDN's address."
    )
    bucket_addressing: Literal["path", "virtual"] = Field(default="path", description="How the endpoint names buckets.")
    bucket_checksums: bool = Field(default=False, description="True sends checksums that AWS itself verifies.")
    bucket_folder: Path = Field(default=Path("bucket"), description="For `folder`: where it lies, in the work folder.")
    access_key: SecretStr = Field(default=SecretStr(""), description="Access key of the bucket.")
    secret_key: SecretStr = Field(default=SecretStr(""), description="Secret key of the bucket.")
    podping_token: SecretStr = Field(default=SecretStr(""), description="Tells Podping of each change, if given.")
    # As it is given: the addresses of private feeds hang on each of its characters.
    feed_secret: Annotated[SecretStr, BeforeValidator(_as_given)] = Field(
        default=SecretStr(""),
        description="Makes the addresses of private feeds: at least 16 random characters; keep it.",
    )
    work_dir: Path = Field(
        default=Path(".pillarcast"), description="Server data and files in the making; git ignores it."
    )
    settle_s: float = Field(default=2.0, ge=0, description="A drop is taken when it has not changed for so long.")
    ui_port: int = Field(default=4200, description="Port of the Prefect UI that `up` starts.")
    s3_port: int = Field(
        default=8333, description="Port of the embedded S3 server at its first start, when free; kept from then on."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the hook's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before show.toml, which comes in as arguments."""
        return env_settings, dotenv_settings, file_secret_settings, init_settings

    @property
    def project(self) -> Path:
        return self.show.resolve().parent

    @property
    def episodes(self) -> Path:
        return self.project / "episodes"

    @property
    def articles(self) -> Path:
        return self.project / "articles"

    @property
    def work(self) -> Path:
        """In a work folder that several shows share, each show below shows/ has one of its own."""
        return self.project / self.work_dir / (self.project.name if self.shares_work_dir else "")

    @property
    def shares_work_dir(self) -> bool:
        return self.work_dir.is_absolute() and self.project.parent.name == "shows"


def blog_secret(name: str) -> SecretStr:
    """The secret of the blog that show.toml calls `name`: `PILLARCAST_BLOG_NAME_SECRET`."""

    class BlogSecret(BaseSettings):
        model_config = SettingsConfigDict(
            env_prefix=f"PILLARCAST_BLOG_{name.upper().replace('-', '_')}_", str_strip_whitespace=True
        )
        secret: SecretStr = SecretStr("")

    return BlogSecret().secret


_BUCKET_KEYS = {
    "kind": "bucket",
    "endpoint": "bucket_endpoint",
    "name": "bucket_name",
    "region": "bucket_region",
    "prefix": "bucket_prefix",
    "public_url": "bucket_public_url",
    "addressing": "bucket_addressing",
    "checksums": "bucket_checksums",
    "folder": "bucket_folder",
}


def named_show() -> Path:
    """What `PILLARCAST_SHOW` says, whatever is wrong with the rest of the environment: `load` tells that."""

    class Named(BaseSettings):
        model_config = Settings.model_config
        show: Path = Path("show.toml")

    return Named().show


def load(show_file: Path | None = None) -> tuple[Settings, Show]:
    """Settings and show. SettingsError or Several, with every problem of show.toml at once."""
    path = show_file or named_show()
    written = read_toml(path)
    bucket = written.pop("bucket", {})
    settings = _read_settings(path, bucket)
    if show_file is not None:
        settings = settings.model_copy(update={"show": show_file})
    return settings, read_value(Show, written, path.name)


def _read_settings(path: Path, bucket: Any) -> Settings:
    """Several, without what was given: the environment is no place to quote from."""
    try:
        return Settings(show=path, **_bucket_arguments(bucket, path.name))
    except ValidationError as error:
        known = {name: key for key, name in _BUCKET_KEYS.items()}
        raise Several(
            Problem(
                "settings",
                f"PILLARCAST_{name.upper()}"
                + (f", or `bucket.{known[name]}` in {path.name}" if name in known else "")
                + f": {details['msg'][0].lower()}{details['msg'][1:]}",
                "Mend it where it is set.",
            )
            for details in error.errors(include_input=False, include_context=False)
            for name in [str(details["loc"][0]).removeprefix("PILLARCAST_").lower()]
        ) from None


def _bucket_arguments(bucket: Any, subject: str) -> dict[str, Any]:
    if not isinstance(bucket, dict):  # `bucket = "folder"`, or two tables
        mend = 'Write one table: `[bucket]`, and below it lines such as `kind = "folder"`.'
        raise SettingsError(subject, "`bucket` is no table", mend)
    unknown = [key for key in bucket if key not in _BUCKET_KEYS]
    if unknown:
        known = ", ".join(_BUCKET_KEYS)
        raise Several(
            Problem(subject, f"`bucket.{key}` is no name that we know", f"Known: {known}.") for key in unknown
        )
    return {_BUCKET_KEYS[key]: value for key, value in bucket.items()}
