"""What must not stand in evidence: private keys, tokens, passwords, a kubeconfig's credentials."""

from __future__ import annotations

import re
from typing import Final

LEFT_OUT: Final = "(left out)"
_BEGIN: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
"""Where a word begins: also behind an underscore, and behind a line break that JSON writes as a letter."""
_KEY: Final = re.compile(
    r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \1-----|(?=\")|\Z)", re.DOTALL
)
_NAMED: Final = re.compile(
    rf"(?i){_BEGIN}((?:id-|access-|refresh-|auth)?token|passw(?:or)?d|secret(?:[-_](?:access[-_])?key)?"
    r"|api[-_]?key|client-key-data|client-certificate-data)"
    r"(\\?[\"']?\s*[:=]\s*\\?[\"']?)([^\s\"'\\,;]{4,})"
)
_BEARER: Final = re.compile(rf"(?i){_BEGIN}(bearer|basic)\s+[\w+/.=~-]{{8,}}")
_USER: Final = re.compile(r"(://[^\s/:@\"]*:)[^\s/@\"\\]+(?=@)")
"""A password in a URL (RFC 3986 section 3.2.1)."""
_WEB_TOKEN: Final = re.compile(rf"{_BEGIN}eyJ[\w-]{{8,}}\.[\w-]{{8,}}\.[\w-]*")
"""A JSON web token (RFC 7519), such as a service account's; its first part begins with an encoded brace."""
_SIGNS: Final = (
    *("private key-----", "eyj", "bearer", "basic ", "token", "passw", "secret", "client-key"),
    *("client-certificate", "apikey", "api-key", "api_key", "@"),
)
"""In small letters: without one of these a text has nothing that the expressions above match."""


def without_secrets(text: str) -> str:
    """The text, with the values of secrets replaced; also JSON, which stays JSON."""
    small = text.lower()
    if not any(word in small for word in _SIGNS):  # A log of megabytes has none, as a rule.
        return text
    text = _KEY.sub(LEFT_OUT, text)
    text = _WEB_TOKEN.sub(LEFT_OUT, text)
    text = _USER.sub(lambda found: f"{found[1]}{LEFT_OUT}", text)
    text = _BEARER.sub(lambda found: f"{found[1]} {LEFT_OUT}", text)
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{LEFT_OUT}", text)
