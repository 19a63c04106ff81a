"""Where ``--push`` leads, read from its URL."""

from __future__ import annotations

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.report.pushgateway import Pushgateway


@pytest.mark.parametrize(
    "text",
    [
        "http://gateway:9091",
        "https://10.1.2.3",
        "http://[fd00::1]:9091",
        "http://gateway/push/",
        "http://metrics",
    ],
)
def test_gateway_is_a_url(text: str) -> None:
    """Also one behind a proxy's path."""
    assert Pushgateway.of(text, in_environment=False) == Pushgateway(text)


@pytest.mark.parametrize(
    "text, problem",
    [
        ("gateway:9091", "is no http or https URL with a host"),
        ("http://", "is no http or https URL with a host"),
        ("http://gateway:port", "is no URL"),
        ("http://gate way:9091", "has a space or a letter"),
        ("http://gateway/ü", "has a space or a letter"),
        ("http://a..b:9091", "is no URL"),
        ("http://gateway:0", "is no http or https URL with a host"),
        ("http://gateway:9091/metrics/job/mine", "has more than a gateway's address"),
        ("http://gateway:9091/?job=mine", "has more than a gateway's address"),
    ],
)
def test_what_is_no_gateway_is_refused(text: str, problem: str) -> None:
    """In one line, with an example."""
    with pytest.raises(UsageError, match="such as http://pushgateway:9091") as refused:
        Pushgateway.of(text, in_environment=True)
    assert str(refused.value).startswith(f"--push {text}: {problem}")


def test_user_of_the_environment_is_taken_out_of_the_url() -> None:
    """Neither an error nor a debugger's line of it has the password."""
    gateway = Pushgateway.of("https://edge:p%40ss@gateway:9091", in_environment=True)
    assert gateway == Pushgateway("https://gateway:9091", "edge", "p@ss")
    assert "p@ss" not in repr(gateway)


def test_user_of_the_command_line_is_refused() -> None:
    """Everybody on the machine may read it there."""
    with pytest.raises(UsageError, match="put the URL into EDGEBOOT_PUSH") as refused:
        Pushgateway.of("http://edge:secret@gateway", in_environment=False)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "password", ["pa/secret", "80/secret", "80#secret", "se?cret", "secret:x", "[secret"]
)
def test_password_with_a_character_of_urls_is_not_repeated(password: str) -> None:
    """It should have been written with %; what is told does not have it."""
    with pytest.raises(UsageError) as refused:
        Pushgateway.of(f"http://edge:{password}@gateway/metrics", in_environment=True)
    assert "secret" not in str(refused.value).replace("se?cret", "secret")
