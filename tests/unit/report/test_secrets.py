"""Secrets never stand in evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from edgeboot.report.evidence import keep
from edgeboot.report.secrets import LEFT_OUT, without_secrets
from edgeboot.server.log import LogLine

KEY: Final = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nq83vAsecretkey\n-----END RSA PRIVATE KEY-----"
)
TOKEN: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl"  # noqa: S105 - made up
SECRETS: Final = [
    (KEY, "secretkey"),
    (f"Authorization: Bearer {TOKEN}", TOKEN),
    (f"token: {TOKEN}", TOKEN),
    ("    token: abcdef0123456789", "abcdef0123456789"),
    ('"password": "hunter2hunter2"', "hunter2"),
    ("password: 'hunter2hunter2'", "hunter2"),
    ("{'token': 'abcdef0123456789'}", "abcdef0123456789"),
    ("--api-key=0123456789abcdef", "0123456789abcdef"),
    ("client-key-data: LS0tLS1CRUdJTiBSU0E=", "LS0tLS1CRUdJTiBSU0E"),
    ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
    ("REGISTRY_TOKEN=abcdef0123456789", "abcdef0123456789"),
    ("aws_secret_access_key = abcdef0123456789", "abcdef0123456789"),
    ("https://admin:hunter2hunter2@registry.example/v2/", "hunter2"),
]


@pytest.mark.parametrize("text,secret", SECRETS)
def test_secret_is_left_out_and_what_it_was_is_told(text: str, secret: str) -> None:
    """Who reads the evidence sees that there was one."""
    told = without_secrets(f"before {text} after")
    assert secret not in told
    assert LEFT_OUT in told
    assert told.startswith("before ")
    assert told.endswith(" after")


@pytest.mark.parametrize(
    "text",
    [
        "dnsmasq-dhcp: 1 DHCPOFFER(ens3) 192.168.99.100 02:eb:00:00:00:01",
        "dhcp-option=option:bootfile-name,http://192.168.99.40/boot?token",
        "the token bucket",
        "mailto admin@example.com; secretName: boot-files",
    ],
)
def test_ordinary_line_is_left_as_it_is(text: str) -> None:
    """Evidence that lost its words would be of no use."""
    assert without_secrets(text) == text


def test_json_stays_json() -> None:
    """Also where a key with its line breaks is inside a string, or one is not closed."""
    data = [text for text, _ in SECRETS] + [f"the first line\n{text}" for text, _ in SECRETS]
    data += ["-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC", "end"]
    read = json.loads(without_secrets(json.dumps(data)))
    assert read[-1] == "end"
    assert not any(secret in str(read) for _, secret in SECRETS)


def test_kept_evidence_has_none_of_the_planted_secrets(tmp_path: Path) -> None:
    """A log and a report that quote a kubeconfig."""
    planted = "\n".join(text for text, _ in SECRETS)
    log = [LogLine(number, line) for number, line in enumerate(planted.splitlines())]
    keep(tmp_path, "run", "test_it", (), log, planted)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    texts = "".join(path.read_text(errors="replace") for path in files)
    assert [secret for _, secret in SECRETS if secret in texts] == []
