"""The studies, as data: a name, the module of its command, and one line about it."""

from __future__ import annotations

STUDIES: dict[str, tuple[str, str]] = {
    "fmmra": ("proofs.cli.study_fmmra", "FMMRA and its rivals: Figures 2 to 4 of the paper."),
    "contract": (
        "proofs.cli.study_contract", "Contracts for edge servers with hidden, changing willingness."),
}  # fmt: skip
