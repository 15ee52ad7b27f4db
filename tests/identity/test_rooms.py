"""Who may talk to providers: one module knows authomatic, and only identity/ knows that module."""

import ast
from pathlib import Path

import ocpizza

SOURCE = Path(ocpizza.__file__).parent


def importers(name: str) -> set[str]:
    """The modules of ours that import `name` or something in it."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [alias.name for alias in node.names]
            module = getattr(node, "module", None)
            full = [f"{module}.{each}" for each in names] if module else names
            if any(f"{each}.".startswith(f"{name}.") for each in full):
                found.add(path.relative_to(SOURCE).as_posix())
    return found


def test_only_the_hardened_classes_import_authomatic():
    assert importers("authomatic") == {"identity/hardened.py"}


def test_only_identity_uses_the_hardened_classes():
    assert importers("ocpizza.identity.hardened") == {"identity/authorization.py"}
    assert importers("ocpizza.identity.exchange") == {"identity/hardened.py"}


def test_services_and_models_know_no_provider():
    users = importers("ocpizza.identity") - importers("ocpizza.identity.provider")
    assert not [each for each in users if each.startswith(("models/", "domain/", "services/"))]
