"""What the pretend Gallery can be told to be: its generation, and every point nobody outside knows.

Each default is the likeliest answer; the others exist because a client must live with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints


class Generation(StrEnum):
    """A server version at which the API changed."""

    V2021_3 = "2021.3"
    V2021_4 = "2021.4"
    V2022_1 = "2022.1"
    V2022_3 = "2022.3"
    V2025 = "2025.x"

    @property
    def rank(self) -> int:
        return list(Generation).index(self)

    def is_from(self, other: Generation) -> bool:
        """Return whether this generation is ``other`` or a later one."""
        return self.rank >= other.rank

    @property
    def has_classic_api(self) -> bool:
        """OAuth 1.0a under ``{gallery}/api`` went away with 2022.1."""
        return not self.is_from(Generation.V2022_1)

    @property
    def has_web_api(self) -> bool:
        return self.is_from(Generation.V2021_4)


EnumStyle = Literal["integers", "names"]


@dataclass
class Options:
    """The settings of one pretend Gallery; may be changed while it runs.

    ``generation``, ``workers`` and the paths count when it starts.
    """

    generation: Annotated[Generation, "which endpoints answer at all"] = Generation.V2025
    workers: Annotated[int, "how many jobs run at once"] = 2
    speed: Annotated[float, "how many times faster than a real engine jobs run"] = 1.0
    gallery_path: Annotated[str, "where the Gallery's pages and classic API stand"] = "/gallery/"
    webapi_path: Annotated[str, "where the OAuth 2 API stands"] = "/webapi/"
    signed_base_address: Annotated[
        str, "scheme and host signatures are checked against; empty: as called"
    ] = ""
    enum_style_classic: Annotated[EnumStyle, "priority and packageType at gallery/api"] = "integers"
    enum_style_web: Annotated[EnumStyle, "priority and packageType at webapi, v1 and v2"] = "names"
    list_answers: Annotated[Literal["any", "plain", "json"], "how list answers are read"] = "any"
    missing_answers: Annotated[Literal["default", "refuse"], "a question left out"] = "default"
    unknown_answers: Annotated[Literal["ignore", "refuse"], "an answer to no question"] = "ignore"
    wrong_shape: Annotated[Literal["refuse", "ignore"], "questions that are no list"] = "refuse"
    error_style: Annotated[
        Literal["contract", "upper", "html"],
        "bodies of refusals: as documented, Message with a capital, or a page",
    ] = "contract"
    unknown_id_status: Annotated[int, "status for an id nobody knows"] = 404
    foreign_status: Annotated[int, "status for a workflow of another studio"] = 403
    token_lifetime: Annotated[float, "seconds an OAuth 2 token is good for"] = 3600.0
    expires_in: Annotated[int, "what the token answer says; 0: the lifetime less one"] = 0
    nonce_memory: Annotated[bool, "refuse a used (key, timestamp, nonce)"] = True
    timestamp_window: Annotated[int, "seconds an OAuth timestamp may be off; 0: any"] = 0
    clock_skew: Annotated[float, "seconds the Gallery's clock is ahead"] = 0.0
    byte_order_mark: Annotated[bool, "begin JSON with U+FEFF"] = False
    date_decimals: Annotated[int, "decimals of seconds in dates, 0 to 7; -1: as captured"] = -1
    v3_missing: Annotated[Literal["null", "left-out"], "v3 question members without value"] = "null"
    id_style: Annotated[Literal["objectid", "ulid"], "the shape of identifiers"] = "objectid"
    download_type: Annotated[Literal["octet-stream", "by-name"], "Content-Type of downloads"] = (
        "octet-stream"
    )
    download_disposition: Annotated[
        Literal["attachment", "none"], "whether downloads carry a Content-Disposition"
    ] = "attachment"
    unknown_format_status: Annotated[int, "status for an output format not offered"] = 400
    cancelled_status: Annotated[
        Literal["Cancelled", "Completed", "gone"], "what becomes of a running job that is cancelled"
    ] = "Cancelled"
    cancelled_queued_status: Annotated[
        Literal["Cancelled", "Completed", "gone"], "what becomes of a queued job that is cancelled"
    ] = "gone"
    warnings_disposition: Annotated[str, "disposition of a job with warnings only"] = "Success"
    failed_jobs_keep_outputs: Annotated[bool, "list outputs of failed jobs"] = False
    initializing_seconds: Annotated[float, "how long a job is Initializing"] = 0.0
    messages_as_one: Annotated[bool, "v3 messages: one object, no array"] = False
    chunked_classic: Annotated[bool, "chunked JSON at gallery/api, as captured"] = True
    www_authenticate: Annotated[bool, "send WWW-Authenticate with a 401 at webapi"] = True
    latency: Annotated[float, "seconds before every answer"] = 0.0
    max_body_mib: Annotated[int, "largest request body"] = 64
    fault_control: Annotated[bool, "let POST /__faults__ add faults"] = False

    def with_settings(self, settings: Iterable[str]) -> Self:
        """Return a copy changed by texts of the form ``name=value``.

        Raises:
            ValueError: an unknown name or a value of the wrong kind, in words.
        """
        kinds = get_type_hints(Options)
        changes: dict[str, Any] = {}
        for setting in settings:
            name, sign, text = setting.partition("=")
            name = name.strip().replace("-", "_")
            if not sign or name not in kinds:
                raise ValueError(f"{setting!r}: expected name=value with one of {names()}")
            changes[name] = _parse(name, text.strip(), kinds[name])
        return replace(self, **changes)


def names() -> str:
    return ", ".join(option.name for option in fields(Options))


def described() -> str:
    """Return one line per option for people: name, default, meaning, other values."""
    return "\n".join(_describe(option.name, option.default) for option in fields(Options))


def _describe(name: str, default: object) -> str:
    hint = get_type_hints(Options, include_extras=True)[name]
    choices = get_args(get_args(hint)[0])
    among = f" ({', '.join(choices)})" if choices else ""
    return f"{name}={default}: {hint.__metadata__[0]}{among}"


def _parse(name: str, text: str, kind: Any) -> Any:
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(f"{name}={text!r}: expected one of {', '.join(get_args(kind))}")
        return text
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise ValueError(f"{name}={text!r}: expected true or false")
        return text.lower() == "true"
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{name}={text!r}: not a value of {kind.__name__}") from None
