"""Fails when a package that Newsbot depends on has a licence that its users could not accept.

`python -m tests.licences` walks the dependencies from the project's metadata; what is installed
beside them for the tests is left out.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

_REFUSED = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|Lesser General", re.IGNORECASE)


def dependencies(name: str, seen: dict[str, Distribution]) -> dict[str, Distribution]:
    """The installed distributions that `name` needs, itself included, by lower-case name."""
    key = name.lower().replace("_", "-")
    if key in seen:
        return seen
    try:
        seen[key] = distribution(name)
    except PackageNotFoundError:
        return seen  # an optional or platform-specific dependency that is not installed here
    for line in seen[key].requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            dependencies(requirement.name, seen)
    return seen


def licence(package: Distribution) -> str:
    """What the package's metadata says of its licence, the classifiers included."""
    metadata = package.metadata
    stated = [metadata.get("License-Expression", ""), (metadata.get("License") or "")[:100]]
    classifiers = metadata.get_all("Classifier") or []
    return " | ".join(filter(None, [*stated, *(c for c in classifiers if c.startswith("License"))]))


def acceptable(text: str) -> bool:
    """Whether one of the licences offered ("A OR B") is neither GPL nor AGPL."""
    offers = re.split(r"\bOR\b|\|", text)
    return any(
        not _REFUSED.search(offer) or _LESSER.search(offer) for offer in offers if offer.strip()
    )


def main() -> int:
    """Print what is refused; the exit code says whether anything was."""
    packages = dependencies("newsbot", {})
    refused = {
        name: text
        for name, package in packages.items()
        if (text := licence(package)) and not acceptable(text)
    }
    for name, text in sorted(refused.items()):
        print(f"{name}: {text}")
    print(f"{len(packages)} packages, {len(refused)} with a refused licence")
    return bool(refused) or len(packages) < 2  # nothing found means that nothing was checked


if __name__ == "__main__":
    sys.exit(main())
