"""Findings as text for people, as JSON for scripts, and as SARIF for tools that show them beside the code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from pillarcast.render.lint.contradictions import BY_RULE
from pillarcast.render.lint.findings import PROFILE_NAMES, Finding, Severity
from pillarcast.render.lint.rules import RULES

_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
_EXAMPLES = 3


def render_text(findings: Sequence[Finding], subject: str) -> str:
    """Grouped by rule, with a few examples each; where profiles contradict each other it says what we chose."""
    if not findings:
        return f"{subject}: nothing to mend."
    blocks = [_group(list(group)) for _, group in groupby(_ordered(findings), key=lambda finding: finding.rule)]
    return "\n".join([*blocks, "", summary(findings, subject)])


def summary(findings: Iterable[Finding], subject: str) -> str:
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for finding in findings:
        counts[finding.severity] += 1
    said = ", ".join(f"{count} {severity.word}{'' if count == 1 else 's'}" for severity, count in counts.items())
    return f"{subject}: {said}."


def render_json(findings: Iterable[Finding], subject: str) -> str:
    document = {"feed": subject, "findings": [_as_dict(finding) for finding in findings]}
    return json.dumps(document, ensure_ascii=False, indent=2)


def render_sarif(findings: Iterable[Finding], subject: str, version: str) -> str:
    """SARIF 2.1.0 (OASIS): one run, every rule described once."""
    driver = {"name": "pillarcast lint", "version": version, "rules": [_sarif_rule(rule.id) for rule in RULES]}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(finding, subject) for finding in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-finding.severity, finding.profile, finding.rule))


def _group(group: list[Finding]) -> str:
    first = group[0]
    times = f" ({len(group)} times)" if len(group) > 1 else ""
    lines = [f"{first.severity.word:7} {first.rule}{times}: {first.field}"]
    examples = (f"{one.what}{f' — {one.where}' if one.where else ''}" for one in group[:_EXAMPLES])
    lines += [f"        {example}" for example in examples]
    if len(group) > _EXAMPLES:
        lines.append(f"        … and {len(group) - _EXAMPLES} more")
    lines.append(f"        {first.mend}")
    if contradiction := BY_RULE.get(first.rule):
        lines.append(f"        Readers disagree: {contradiction.between} Ours: {contradiction.choice}")
    return "\n".join(lines)


def _as_dict(finding: Finding) -> dict[str, Any]:
    said = {
        "rule": finding.rule,
        "profile": finding.profile.value,
        "severity": finding.severity.word,
        "field": finding.field,
        "what": finding.what,
        "mend": finding.mend,
        "where": finding.where,
        "line": finding.line,
    }
    contradiction = BY_RULE.get(finding.rule)
    return {**said, "disagreement": f"{contradiction.between} {contradiction.choice}"} if contradiction else said


def _sarif_rule(rule_id: str) -> dict[str, Any]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{PROFILE_NAMES[rule.profile]}: {rule.field}"},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
    }


def _sarif_result(finding: Finding, subject: str) -> dict[str, Any]:
    where = f" ({finding.where})" if finding.where else ""
    return {
        "ruleId": finding.rule,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": f"{finding.what}{where}. {finding.mend}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": subject},
                    "region": {"startLine": max(1, finding.line)},
                }
            }
        ],
    }
