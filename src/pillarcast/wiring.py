"""The one place that chooses adapters. Everything that is started here is stopped here."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pillarcast import settings as knobs
from pillarcast.adapters.understanding import UnderstoodBlog
from pillarcast.errors import PillarcastError, Problem, SettingsError, Unsupported, problems_of
from pillarcast.model.addresses import Addresses
from pillarcast.model.show import BlogTarget, Show
from pillarcast.pipeline.studio import Studio, Tell
from pillarcast.ports import Blog, Bucket, Clock, Hub, Public
from pillarcast.settings import Settings

if TYPE_CHECKING:
    from pillarcast.adapters.s3_place import S3Place

FOLDER_URL = "https://folder.invalid"
"""Stands for the public address of a folder bucket while show.toml names none."""


@dataclass(frozen=True)
class House:
    """A show with everything that it needs, open for business."""

    settings: Settings
    studio: Studio


def _silent(_line: str) -> None:
    pass


def _still(_what: str, _part: float) -> None:
    pass


@contextmanager
def open_house(
    show_file: Path | None = None,
    tell: Tell = _silent,
    progress: Callable[[str, float], None] = _still,
    clock: Clock | None = None,
) -> Iterator[House]:
    """The show of `show_file` (by default what `PILLARCAST_SHOW` names). Starts the embedded S3 server if need be."""
    settings, show = knobs.load(show_file)
    _claim_work(settings, show)
    with ExitStack() as stack:
        bucket, public_url, public = _bucket(settings, stack)
        clock = clock or _clock()
        templates = _templates(settings.project / "templates")
        studio = Studio(
            show=show,
            bucket=bucket,
            public=public,
            clock=clock,
            addresses=Addresses(public_url=public_url.rstrip("/")),
            project=settings.project,
            work=settings.work,
            blogs=tuple(UnderstoodBlog(_blog(target, settings, templates)) for target in show.blog),
            hubs=tuple(_hubs(show, settings)),
            templates=templates,
            feed_secret=settings.feed_secret.get_secret_value().encode(),
            writing=_writing(settings, bucket, clock),
            tell=tell,
            progress=progress,
        )
        yield House(settings, studio)


def is_still_served(settings: Settings) -> bool:
    """Whether the embedded S3 server runs, for somebody else once we have let go."""
    if settings.bucket != "embedded":
        return False
    from pillarcast.adapters.seaweed_holders import Holders  # noqa: PLC0415

    return Holders(settings.work / "s3").is_guarded()


def check_outside(house: House) -> tuple[Problem, ...]:
    """What is wrong with the bucket and the blogs, seen from here; every problem at once."""
    studio = house.studio
    checks: list[Callable[[], tuple[Problem, ...]]] = [partial(_template_problems, studio)]
    checks += [blog.check for blog in studio.blogs]
    if house.settings.bucket != "folder":
        from pillarcast.adapters.bucket_check import check_bucket  # noqa: PLC0415

        checks.insert(0, lambda: check_bucket(studio.bucket, studio.addresses.public_url))
    problems: list[Problem] = []
    for check in checks:
        try:
            problems.extend(check())
        except PillarcastError as error:
            problems.extend(problems_of(error))
    return tuple(problems)


def _template_problems(studio: Studio) -> tuple[Problem, ...]:
    """Each template that a blog uses is rendered once, so that a slip in it is not found by the first post."""
    from pillarcast.render.post_body import PostTemplates  # noqa: PLC0415

    templates = PostTemplates(studio.templates)
    found = (problem for target in studio.show.blog for problem in templates.problems(target.kind, target.template))
    return tuple(dict.fromkeys(found))


def set_up(house: House) -> tuple[Problem, ...]:
    """Creates and configures the bucket with keys that may; tries, without keys, what strangers must not do."""
    if house.settings.bucket != "s3":
        return ()  # the embedded server and a folder set themselves up
    from pillarcast.adapters.s3_setup import set_up_bucket  # noqa: PLC0415

    return set_up_bucket(_s3_place(house.settings))


def preview_url(house: House, key: str, lasts_s: int) -> str:
    """A link to one private object that needs no keys until it expires. Unsupported for a folder, which signs none."""
    from pillarcast.adapters.s3 import S3Bucket  # noqa: PLC0415

    if not isinstance(house.studio.bucket, S3Bucket):
        raise Unsupported("preview", "a folder has no links that expire", "Use an S3 bucket, or the embedded one.")
    return house.studio.bucket.preview_url(key, lasts_s)


def _claim_work(settings: Settings, show: Show) -> None:
    """An S3 bucket does not lie in the work folder."""
    if settings.bucket != "s3" and settings.shares_work_dir:
        from pillarcast.adapters.work_folder import Owner, claim  # noqa: PLC0415

        bucket = str(settings.bucket_folder) if settings.bucket == "folder" else "s3"
        claim(settings.work, bucket, Owner(str(settings.project), show.show.title, show.show.description))


def _writing(settings: Settings, bucket: Bucket, clock: Clock) -> Callable[[], AbstractContextManager[object]]:
    """A lease where the store may be one that cannot compare and swap; our own two can."""
    if settings.bucket != "s3":
        return nullcontext
    from pillarcast.adapters.lease import WriterLease  # noqa: PLC0415

    return partial(WriterLease, bucket, socket.gethostname(), clock)


def _clock() -> Clock:
    from pillarcast.adapters.clock import SystemClock  # noqa: PLC0415 - each adapter is loaded when it is chosen

    return SystemClock()


def _bucket(settings: Settings, stack: ExitStack) -> tuple[Bucket, str, Public]:
    from pillarcast.adapters.public import FolderPublic, WebPublic  # noqa: PLC0415

    if settings.bucket == "folder":
        from pillarcast.adapters.folder import FolderBucket  # noqa: PLC0415

        folder = FolderBucket(settings.work / settings.bucket_folder, settings.bucket_prefix)
        public_url = settings.bucket_public_url or FOLDER_URL
        return folder, public_url, FolderPublic(folder, public_url)
    if settings.bucket == "embedded":
        bucket, public_url = _embedded(settings, stack)
    else:
        bucket, public_url = _s3(settings)
    return bucket, public_url, WebPublic()


def _embedded(settings: Settings, stack: ExitStack) -> tuple[Bucket, str]:
    from pillarcast.adapters.s3 import S3Bucket  # noqa: PLC0415
    from pillarcast.adapters.seaweed import SeaweedServer  # noqa: PLC0415

    server = stack.enter_context(SeaweedServer(settings.work / "s3", s3_port=settings.s3_port))
    return S3Bucket(server.place), settings.bucket_public_url or server.public_url


def _s3(settings: Settings) -> tuple[Bucket, str]:
    from pillarcast.adapters.s3 import S3Bucket  # noqa: PLC0415

    if not settings.bucket_public_url:
        mend = "Write what the prefix public/ of the bucket is read by, such as your CDN's address."
        raise SettingsError("show.toml", "`bucket.public_url` is missing", mend)
    return S3Bucket(_s3_place(settings)), settings.bucket_public_url


def _s3_place(settings: Settings) -> S3Place:
    from pillarcast.adapters.s3_place import S3Place  # noqa: PLC0415

    return S3Place(
        endpoint=settings.bucket_endpoint,
        bucket=settings.bucket_name,
        region=settings.bucket_region,
        access_key=settings.access_key.get_secret_value(),
        secret_key=settings.secret_key.get_secret_value(),
        prefix=settings.bucket_prefix,
        addressing=settings.bucket_addressing,
        verify_checksums=settings.bucket_checksums,
    )


def _blog(target: BlogTarget, settings: Settings, overrides: Mapping[str, str]) -> Blog:
    from pillarcast.render.post_body import PostTemplates  # noqa: PLC0415

    secret = knobs.blog_secret(target.name).get_secret_value()
    templates = PostTemplates(overrides)
    match target.kind:
        case "wordpress":
            from pillarcast.adapters.wordpress import WordPress  # noqa: PLC0415

            return WordPress(target, secret, templates)
        case "ghost":
            from pillarcast.adapters.ghost import Ghost  # noqa: PLC0415

            return Ghost(target, secret, templates)
        case "git":
            from pillarcast.adapters.git_site import GitSite  # noqa: PLC0415

            return GitSite(target, settings.work / "blogs" / target.name, secret, templates)
        case "micropub":
            from pillarcast.adapters.micropub import Micropub  # noqa: PLC0415

            return Micropub(target, secret, templates)


def _hubs(show: Show, settings: Settings) -> Iterator[Hub]:
    token = settings.podping_token.get_secret_value()
    if token:
        from pillarcast.adapters.podping import Podping  # noqa: PLC0415

        yield Podping(token)
    for url in show.feed.hubs:
        from pillarcast.adapters.websub import WebSub  # noqa: PLC0415

        yield WebSub(url)


def _templates(folder: Path) -> Mapping[str, str]:
    """The owner's templates, by file name; what a desktop or an editor hides there is passed over."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("[!.]*")):
        if path.is_file() and not path.name.endswith("~"):
            try:
                found[path.name] = path.read_text("utf-8")
            except UnicodeDecodeError as error:
                raise SettingsError(f"templates/{path.name}", "is not UTF-8 text", "Save it again as UTF-8.") from error
    return found
