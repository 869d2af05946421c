"""Why to believe it: engines, evidence, reports and the command line."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.audit import audit as audit
    from proofs.audit import audit_iter as audit_iter
    from proofs.replay import replay as replay
    from proofs.verdict import Audit as Audit
    from proofs.verdict import Finding as Finding
    from proofs.verdict import Scope as Scope
    from proofs.verdict import Verdict as Verdict

_WHERE = {
    "audit": "proofs.audit",
    "audit_iter": "proofs.audit",
    "replay": "proofs.replay",
    "Audit": "proofs.verdict",
    "Finding": "proofs.verdict",
    "Scope": "proofs.verdict",
    "Verdict": "proofs.verdict",
}
__all__ = sorted(_WHERE)


class _Package(ModuleType):
    """The names `proofs.audit` and `proofs.replay` mean the functions, even after the modules of the
    same names are imported, which would otherwise take their place.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _WHERE and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Public names are imported when first used."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'proofs' has no attribute {name!r}")
