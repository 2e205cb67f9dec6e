"""Settings from a TOML file and the environment, with everything that is wrong in them at once."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from olagraph.documents.faults import Fault, shown
from olagraph.documents.nearest import NearestNames
from olagraph_api.security.settings import SecuritySettings

SETTINGS_FILE = "OLAGRAPH_SECURITY"
"""The variable that names the file, where no other place does."""

VARIABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "OLAGRAPH_ALLOWED_HOSTS": ("allowed_hosts",),
        "OLAGRAPH_ALLOWED_ORIGINS": ("allowed_origins",),
        "OLAGRAPH_AUDIT_FILE": ("audit", "file"),
        "OLAGRAPH_AUDIT_VARIABLES": ("audit", "variables"),
        "OLAGRAPH_KEYS_FILE": ("keys", "file"),
        "OLAGRAPH_LIMITS_BURST": ("limits", "burst"),
        "OLAGRAPH_LIMITS_FAILURES": ("limits", "failures"),
        "OLAGRAPH_LIMITS_PER_SECOND": ("limits", "per_second"),
        "OLAGRAPH_OIDC_ALGORITHMS": ("oidc", "algorithms"),
        "OLAGRAPH_OIDC_AUDIENCE": ("oidc", "audience"),
        "OLAGRAPH_OIDC_CA_FILE": ("oidc", "ca_file"),
        "OLAGRAPH_OIDC_ISSUER": ("oidc", "issuer"),
        "OLAGRAPH_OIDC_JWKS_FILE": ("oidc", "jwks_file"),
        "OLAGRAPH_OIDC_LEEWAY": ("oidc", "leeway"),
        "OLAGRAPH_OIDC_NAME_CLAIM": ("oidc", "name_claim"),
    }
)
"""The variable of each setting that is one value or a list, with commas between; it wins over the file."""

_LISTS = frozenset({"allowed_hosts", "allowed_origins", "algorithms", "audience"})
_FILES = (("audit", "file"), ("keys", "file"), ("oidc", "ca_file"), ("oidc", "jwks_file"))
_SECTIONS = ("OLAGRAPH_ALLOWED_", "OLAGRAPH_AUDIT_", "OLAGRAPH_KEYS_", "OLAGRAPH_LIMITS_", "OLAGRAPH_OIDC_")
_MOST_BYTES = 2**20
_SETTINGS = TypeAdapter(SecuritySettings)


class InvalidSettings(ValueError):  # noqa: N818 - its faults are the errors
    """Settings that make no sense. It carries every fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def read_settings(path: Path | None, environment: Mapping[str, str]) -> SecuritySettings:
    """The settings of a TOML file, if there is one, and of the environment, which wins.

    Args:
        path: the file; None = the one that SETTINGS_FILE names, or none at all. File names in it are relative
            to its folder, those in the environment to the working directory.
        environment: VARIABLES; an empty one counts as absent.

    Raises:
        InvalidSettings: something in them is wrong.
        OSError: the file cannot be read.
    """
    named = environment.get(SETTINGS_FILE)
    path = path or (Path(named) if named else None)
    document = {} if path is None else _document(path)
    faults = _unknown_variables(environment)
    from_variables: dict[tuple[str, ...], str] = {}
    for variable, place in VARIABLES.items():
        text = environment.get(variable, "").strip()
        if not text:
            continue
        from_variables[place] = variable
        *sections, name = place
        table = document
        for section in sections:
            table = table.setdefault(section, {})
            if not isinstance(table, dict):
                break  # the file's own fault, told below
        else:
            table[name] = [part.strip() for part in text.split(",")] if name in _LISTS else text
    try:
        settings = _SETTINGS.validate_python(document)
    except ValidationError as error:
        file = "the environment" if path is None else str(path)
        found = error.errors(include_url=False, include_input=True, include_context=True)
        faults += [_fault(dict(one), file, from_variables) for one in found]
    if faults:
        raise InvalidSettings(tuple(faults))
    return settings


def _document(path: Path) -> dict[str, Any]:
    """The file's tables, with file names made absolute."""
    with open(path, "rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise InvalidSettings((Fault(file=str(path), found=f"more than {_MOST_BYTES:,} bytes"),))
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidSettings((Fault(file=str(path), found=f"not TOML: {error}"),)) from None
    for section, name in _FILES:
        table = document.get(section)
        if isinstance(table, dict) and isinstance(table.get(name), str):
            table[name] = os.path.join(path.parent.absolute(), table[name])
    return document


def _unknown_variables(environment: Mapping[str, str]) -> list[Fault]:
    nearest = NearestNames()
    return [
        Fault(
            file="the environment",
            path=variable,
            found="unknown variable",
            expected="a table of the settings file for what is neither one value nor a list",
            nearest=nearest.find(variable, VARIABLES, what="variables"),
        )
        for variable in sorted(environment)
        if variable.startswith(_SECTIONS) and variable not in VARIABLES
    ]


def _fault(error: Mapping[str, Any], file: str, from_variables: Mapping[tuple[str, ...], str]) -> Fault:
    place = tuple(map(str, error["loc"]))
    for length in range(len(place), 0, -1):
        if place[:length] in from_variables:
            file, path = "the environment", from_variables[place[:length]]
            break
    else:
        path = ".".join(place)
    if error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        nearest = NearestNames().find(place[-1], _names(place[:-1]), what="settings")
        return Fault(file=file, path=path, found="unknown setting", nearest=nearest)
    if error["type"] == "missing":
        return Fault(file=file, path=path, found="missing", expected="a value for it")
    told = str(error["msg"])
    expected = told.removeprefix("Input should be ")
    found = "incomplete" if isinstance(error["input"], dict) else shown(str(error["input"]))
    return Fault(file=file, path=path, found=found, expected=expected[:1].lower() + expected[1:])


def _names(place: tuple[str, ...]) -> tuple[str, ...]:
    """The settings of the table at a place."""
    kind: Any = SecuritySettings
    for name in place:
        kind = next(filter(dataclasses.is_dataclass, _alternatives(get_type_hints(kind).get(name))), None)
        if kind is None:
            return ()
    return tuple(field.name for field in dataclasses.fields(kind))


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
