"""Every rule, and lint itself."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.render.feed_xml import Markup, Node, Quirk, parse_markup
from pillarcast.render.lint import apple, delivery, podcasting20, psp, rss, spotify
from pillarcast.render.lint.findings import Finding, Profile, Severity
from pillarcast.render.lint.rule import Context, Rule, Scope

RULES: tuple[Rule, ...] = (
    *delivery.RULES,
    *rss.RULES,
    *apple.RULES,
    *psp.RULES,
    *spotify.RULES,
    *podcasting20.RULES,
)


def lint(feed: bytes, url: str = "") -> tuple[Finding, ...]:
    """Everything that is wrong with a feed, the worst first; `url` is where it was read from, where that is known.

    Never raises: what is no feed at all has one finding that says so.
    """
    markup = parse_markup(feed)
    if markup.channel is None:
        return (_no_feed(markup),)
    context = Context(markup, url)
    findings = [*_of(Scope.CHANNEL, (markup.channel,), context), *_of(Scope.ITEM, markup.items, context)]
    return tuple(sorted(findings, key=lambda finding: -finding.severity))


def _of(scope: Scope, nodes: tuple[Node, ...], context: Context) -> Iterator[Finding]:
    for rule in RULES:
        if rule.scope is scope:
            for node in nodes:
                for what in rule.find(node, context):
                    yield _finding(rule, node, what)


def _finding(rule: Rule, node: Node, what: str) -> Finding:
    where = (node.said("title") or node.said("guid") or "an episode without title") if rule.scope is Scope.ITEM else ""
    return Finding(rule.id, rule.profile, rule.severity, rule.field, what, rule.mend, where[:120], node.line)


def _no_feed(markup: Markup) -> Finding:
    root = markup.root.name if markup.root else "nothing"
    why = markup.quirks.get(Quirk.NOT_WELL_FORMED, "")
    what = f"this is no RSS feed: its root is {root}" + (f" ({why})" if why and markup.root is None else "")
    mend = "Give the address of the feed itself, not of a web page."
    return Finding("rss/no-channel", Profile.RSS, Severity.ERROR, "channel", what, mend)
