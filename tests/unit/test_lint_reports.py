"""Findings as text, JSON and SARIF."""

from __future__ import annotations

import json

from pillarcast.render.lint import lint
from pillarcast.render.lint.contradictions import BY_RULE, CONTRADICTIONS
from pillarcast.render.lint.reports import render_json, render_sarif, render_text
from pillarcast.render.lint.rules import RULES
from tests.feed_support.views import published, render_feed, view_of

FEED = render_feed(view_of([published(number) for number in range(5)])).replace(
    b"<itunes:explicit>false", b"<itunes:explicit>no"
)
FINDINGS = lint(FEED)


def test_text_groups_by_rule_and_says_what_readers_disagree_about() -> None:
    text = render_text(FINDINGS, "feed.xml")
    assert "error   psp/item-explicit-value (5 times): item/itunes:explicit" in text
    assert "… and 2 more" in text
    assert "Readers disagree: Apple and PSP-1 want true or false" in text
    assert text.splitlines()[-1].startswith("feed.xml: 6 errors, ")
    assert render_text((), "feed.xml") == "feed.xml: nothing to mend."


def test_json_holds_every_finding() -> None:
    document = json.loads(render_json(FINDINGS, "feed.xml"))
    assert document["feed"] == "feed.xml"
    assert len(document["findings"]) == len(FINDINGS)
    assert {"rule", "profile", "severity", "field", "what", "mend", "where", "line"} <= set(document["findings"][0])


def test_sarif_names_a_rule_for_every_result() -> None:
    document = json.loads(render_sarif(FINDINGS, "feed.xml", "0.1.0"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert known == {rule.id for rule in RULES}
    assert len(run["results"]) == len(FINDINGS)
    assert {result["ruleId"] for result in run["results"]} <= known
    assert {result["level"] for result in run["results"]} <= {"error", "warning", "note"}


def test_contradictions_name_rules_that_exist() -> None:
    known = {rule.id for rule in RULES}
    assert set(BY_RULE) <= known
    assert all(one.between and one.choice for one in CONTRADICTIONS)
