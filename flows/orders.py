"""What a person may ask of a run: each model becomes a form in the UI, so its fields are titled and explained."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from pillarcast.model.base import OpenAddress

WITHOUT_LOGIN = r"^(?![A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@)"
"""For the server, which keeps what a form held: it refuses a password before that."""

_NAME_HELP = "Its file name, number or address, such as 041-social-media, 41 or social-media."


class Order(BaseModel):
    """Unknown fields are refused at once, not by the run."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class IngestOrder(Order):
    """Take recordings from episodes/ and master them."""

    drop: str = Field(
        default="",
        title="Drop",
        description="The name of the file or folder in episodes/, with or without its ending. Empty takes everything.",
        examples=["041-social-media.wav"],
    )


class PublishOrder(Order):
    """Publish what is due, or one episode now."""

    episode: str = Field(
        default="",
        title="Episode",
        description=f"{_NAME_HELP} Empty publishes everything that is due.",
        examples=["041-social-media"],
    )
    is_early: bool = Field(
        default=False,
        title="Before its hour",
        description="Lets an episode air before the hour that its notes name (publish_at).",
    )
    has_approval: bool = Field(
        default=False,
        title="Ask me first",
        description="Shows the plan and waits until somebody presses Resume in this UI. Nothing changes before.",
    )
    approval_hours: int = Field(
        default=24,
        ge=1,
        le=168,
        title="Hours to wait for approval",
        description="Without an answer the run ends, and nothing was published.",
    )
    allow: list[str] = Field(
        default=[],
        title="Changes to let through",
        description="Changes that listeners would notice are refused; the refusal names the words to write here.",
    )
    overwrite: list[str] = Field(
        default=[],
        title="Blogs to write over",
        description="Posts that somebody changed by hand are left alone, but on the blogs named here.",
    )


class VerifyOrder(Order):
    """Look at the show from outside, as an app and a reader would."""

    episode: str = Field(default="", title="Episode", description=f"{_NAME_HELP} Empty looks at every live episode.")
    is_whole: bool = Field(
        default=False,
        title="Whole audio files",
        description="Fetches each audio file whole and compares its hash. Takes longer; costs traffic.",
    )


class RetractOrder(Order):
    """Take an episode or article out of feed, pages and blogs, or out of the queue."""

    episode: str = Field(min_length=1, title="Episode", description=_NAME_HELP, examples=["041-social-media"])
    is_sure: bool = Field(
        default=False,
        title="Yes, take it out",
        description=(
            "Apps drop it from their lists within hours; who has downloaded it keeps it. "
            "Its page answers 404, its posts become drafts. The recording is kept."
        ),
    )
    puts_back: bool = Field(
        default=False,
        title="Put it back instead",
        description="Undoes a retraction: the same guid, date and address. What waited is queued again.",
    )


class ImportOrder(Order):
    """Move a show in from its old host, or from a folder that `export` wrote."""

    source: OpenAddress = Field(
        min_length=1,
        title="Old feed",
        description=(
            "The address of the old feed; or a file with it, or an exported folder, on the machine that runs this."
        ),
        examples=["https://old.example.com/feed.xml"],
        json_schema_extra={"pattern": WITHOUT_LOGIN},
    )
    is_dry_run: bool = Field(
        default=True,
        title="Only try it",
        description="Changes nothing, and says field by field what would become of every episode.",
    )
    has_media_left: bool = Field(
        default=False,
        title="Leave the media where they are",
        description="The feed goes on naming the old host's audio and pictures. Off, they are copied into the bucket.",
    )
    is_mine: bool = Field(
        default=False,
        title="The show is mine",
        description="Needed where the old feed is locked against imports (podcast:locked).",
    )


class QueueOrder(Order):
    """See the queue, or move an episode in it."""

    episode: str = Field(default="", title="Episode", description=f"{_NAME_HELP} Empty only shows the queue.")
    position: int = Field(default=1, ge=1, title="Position", description="1 airs next.")
