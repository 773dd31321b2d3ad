"""The description of bucket and CDN holds what its README promises; parsed, not applied."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra_support.files import INFRA

pytestmark = pytest.mark.real

FOLDER = INFRA / "terraform"
PARSER = "python-hcl2==7.3.1"
FMT = next((tool for tool in ("tofu", "terraform") if shutil.which(tool)), None)

Blocks = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every file, parsed by a package that only this test needs."""
    target = str(tmp_path_factory.mktemp("hcl2"))
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", target, PARSER], check=True, timeout=300)
    sys.path.insert(0, target)
    try:
        hcl2 = importlib.import_module("hcl2")
        return [hcl2.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.tf"))]
    finally:
        sys.path.remove(target)


@pytest.fixture(scope="module")
def resources(files: list[dict[str, Any]]) -> Blocks:
    return named(files, "resource")


def named(files: list[dict[str, Any]], kind: str) -> Blocks:
    return {
        (type_, name): body
        for parsed in files
        for block in parsed.get(kind, [])
        for type_, blocks in block.items()
        for name, body in blocks.items()
    }


def one(resources: Blocks, kind: str) -> dict[str, Any]:
    (body,) = (body for (type_, _), body in resources.items() if type_ == kind)
    return body


def test_every_reference_is_declared(files: list[dict[str, Any]], resources: Blocks) -> None:
    text = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.tf"))
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    variables = {name for parsed in files for block in parsed.get("variable", []) for name in block}
    local = {name for parsed in files for block in parsed.get("locals", []) for name in block}
    data = named(files, "data")
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables
    assert set(re.findall(r"\blocal\.(\w+)", text)) == local
    assert set(re.findall(r"\bdata\.(aws_\w+)\.(\w+)", text)) == set(data)
    assert set(re.findall(r"(?<!data\.)\b(aws_\w+)\.(\w+)", text)) <= set(resources) | set(data)


def test_bucket_is_private_versioned_and_not_to_be_destroyed(resources: Blocks) -> None:
    assert one(resources, "aws_s3_bucket")["lifecycle"][0]["prevent_destroy"] is True
    block = one(resources, "aws_s3_bucket_public_access_block")
    for name in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"):
        assert block[name] is True, name
    assert one(resources, "aws_s3_bucket_versioning")["versioning_configuration"][0]["status"] == "Enabled"
    assert one(resources, "aws_s3_bucket_ownership_controls")["rule"][0]["object_ownership"] == "BucketOwnerEnforced"


def test_only_this_cdn_reads_and_only_public(files: list[dict[str, Any]]) -> None:
    policy = named(files, "data")["aws_iam_policy_document", "bucket"]
    allowed = [statement for statement in policy["statement"] if statement.get("effect", "Allow") == "Allow"]
    (reading,) = allowed
    assert reading["actions"] == ["s3:GetObject"]
    assert reading["resources"] == ["${aws_s3_bucket.show.arn}/public/*"]
    assert reading["principals"][0]["identifiers"] == ["cloudfront.amazonaws.com"]
    assert reading["condition"][0]["values"] == ["${aws_cloudfront_distribution.show.arn}"]


def test_cdn_cannot_leave_public(resources: Blocks) -> None:
    cdn = one(resources, "aws_cloudfront_distribution")
    assert [origin["origin_path"] for origin in cdn["origin"]] == ["/public"]
    behaviour = cdn["default_cache_behavior"][0]
    assert behaviour["viewer_protocol_policy"] == "redirect-to-https"
    assert set(behaviour["allowed_methods"]) == {"GET", "HEAD", "OPTIONS"}


def test_no_key_is_made_and_rules_are_those_of_the_project(resources: Blocks) -> None:
    assert not [kind for kind, _ in resources if "access_key" in kind]
    text = (FOLDER / "bucket.tf").read_text("utf-8")
    shared = re.findall(r'file\("\$\{path\.module\}/\.\./s3/([\w.-]+)"\)', text)
    assert set(shared) == {"lifecycle.json", "cors.json", "publisher-policy.json"}
    lifecycle = json.loads((INFRA / "s3/lifecycle.json").read_text("utf-8"))
    assert set(re.findall(r'local\.keeping\["([\w-]+)"\]', text)) == {rule["ID"] for rule in lifecycle["Rules"]}
    publisher = json.loads((INFRA / "s3/publisher-policy.json").read_text("utf-8"))
    actions = {action for statement in publisher["Statement"] for action in statement["Action"]}
    assert not {action for action in actions if "Policy" in action or action.endswith(("Version*", "*"))}
    assert "s3:DeleteObjectVersion" not in actions


def test_settings_of_the_output_are_known(files: list[dict[str, Any]]) -> None:
    from pillarcast.settings import Settings

    outputs = {name: body for parsed in files for block in parsed.get("output", []) for name, body in block.items()}
    written = set(re.findall(r"PILLARCAST_\w+", str(outputs["settings"]["value"])))
    assert len(written) == 4
    assert written <= {f"PILLARCAST_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.skipif(
    FMT is None, reason="neither tofu nor terraform is installed: https://opentofu.org/docs/intro/install/"
)
def test_files_are_formatted() -> None:
    command = [str(FMT), "fmt", "-check", "-diff", str(Path(FOLDER))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
