"""Reading a contract from its file, and from the contracts that it is based on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, shown
from edgeboot.base.strict_model import read_toml, validated
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.found import contradictions
from edgeboot.spec.contract.merging import in_one_form, merged, without

_BASED_ON: Final = "based_on"
_REMOVE: Final = "remove"
_STORM: Final = "storm"
_HINT: Final = "see docs/contract.md for every field and its form"


def contract_path(profile: str) -> Path:
    """The path of the contract of a profile."""
    return CONTRACTS / f"{profile}.toml"


def load_contract(path: Path, option: str = "--contract") -> Contract:
    """Read a contract from a TOML file.

    Raises:
        UsageError: the file is unreadable, a field is missing, invalid or unknown, or no server could
            fulfil it together with another one.
    """
    if not path.is_file():
        raise UsageError(f"{option} {path}", "no such file", "name a contract such as contracts/poc.toml")
    contract = validated(Contract, contract_terms(path, option), path, _HINT)
    for first in contradictions(contract):
        raise UsageError(f"{shown(path)}: field {first.field}", first.problem, first.mend)
    return contract


def contract_files(path: Path) -> tuple[Path, ...]:
    """The file of a contract that can be read, and those that it is based on."""
    base = read_toml(path, "--contract").get(_BASED_ON)
    return (path,) if base is None else (path, *contract_files(_named(base, path)))


def _named(base: str, by: Path) -> Path:
    """The file beside ``by``; without one, and by a name alone, the suite's own contract of that profile."""
    beside = (by.parent / base).resolve()
    own = contract_path(base)
    return own if not beside.exists() and Path(base).name == base and own.is_file() else beside


def contract_terms(path: Path, option: str = "--contract") -> dict[str, Any]:
    """The terms of a contract as its file would have them if it were based on no other.

    Raises:
        UsageError: a file of them cannot be read.
    """
    return _terms(path, option, ())


def _terms(path: Path, option: str, derived: tuple[Path, ...]) -> dict[str, Any]:
    """The file's terms, merged over those of the contract named by ``based_on``."""
    terms = read_toml(path, option)
    try:
        terms = in_one_form(terms)
    except ValueError as error:
        raise UsageError(f"{shown(path)}: field options", str(error), _HINT) from None
    removed, where = terms.pop(_REMOVE, []), f"{shown(path)}: field {_REMOVE}"
    if _BASED_ON not in terms:
        if removed:
            raise UsageError(where, "there is no contract to remove it from", f"state {_BASED_ON}, too")
        return terms
    name, field = terms.pop(_BASED_ON), f"{shown(path)}: field {_BASED_ON}"
    if not isinstance(name, str):
        raise UsageError(field, f"is no file, found {name!r}", "name a contract beside this one")
    base = _named(name, path)
    if base in (path.resolve(), *derived):
        raise UsageError(field, f"leads back to {name}", "name a contract that is not based on this one")
    if not base.is_file():
        raise UsageError(
            field, f"no such file as {name!r} from here", "name a contract beside this one, or a profile"
        )
    stated = _terms(base, field, (*derived, path.resolve()))
    stated.pop(_STORM, None)  # What one site's server withstands is none of another's.
    try:
        return merged(without(stated, removed), terms)
    except ValueError as error:
        raise UsageError(where, f"{error}", f"name an entry of {name}, as boots.windows") from None
