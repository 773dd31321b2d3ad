"""Rare elements of RSS 2.0 as values; what breaks their rules is left out with a remark."""

from __future__ import annotations

import re
from typing import Any

from pillarcast.model.feed_values import Cloud, Source, TextInput
from pillarcast.render.feed_numbers import parse_count
from pillarcast.render.feed_reader_values import Remarks, every
from pillarcast.render.feed_urls import GENERATOR
from pillarcast.render.feed_xml import Node


def cloud_of(channel: Node, remark: Remarks) -> Cloud | None:
    """Only of a feed of ours: that of another host tells of that host's own feed."""
    if channel.said("generator") != GENERATOR:
        return None

    def said(node: Node) -> dict[str, Any]:
        names = {"domain": "domain", "path": "path", "procedure": "registerProcedure", "protocol": "protocol"}
        return {name: node.get(attribute) for name, attribute in names.items()} | {
            "port": parse_count(node.get("port"))
        }

    return next(iter(every(Cloud, channel.all("cloud"), said, remark)), None)


def text_input_of(channel: Node, remark: Remarks) -> TextInput | None:
    def said(node: Node) -> dict[str, Any]:
        return {name: node.said(name) for name in TextInput.model_fields}

    return next(iter(every(TextInput, channel.all("textInput"), said, remark)), None)


def source_of(item: Node, remark: Remarks, where: str) -> Source | None:
    def said(node: Node) -> dict[str, Any]:
        return {"url": node.get("url"), "title": node.text}

    return next(iter(every(Source, item.all("source"), said, remark, where)), None)


def author_of(item: Node) -> str:
    """RSS author is an address; a bare name is what others write there, and itunes:author says that."""
    said = item.said("author")
    return said if "@" in said else ""


def hours_of(channel: Node) -> tuple[int, ...]:
    """Earlier versions of RSS counted from 1 to 24."""
    hours = {int(hour) % 24 for hour in skipped(channel, "skipHours", "hour") if re.fullmatch(r"\d{1,2}", hour)}
    return tuple(sorted(hours))


def skipped(channel: Node, group: str, each: str) -> list[str]:
    """The words of `skipHours` or `skipDays`."""
    return [node.text for nodes in channel.all(group) for node in nodes.all(each)]
