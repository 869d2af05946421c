"""Write the obligations of proofs as SMT-LIB files, for any other solver."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from proofs.verdict import Audit, Proof


def emit_smt2(audits: Iterable[Audit], folder: str | Path) -> list[Path]:
    """Write one file for each obligation, as ``MECHANISM/PROPERTY/NUMBER-NAME.smt2``.

    Parameters
    ----------
    audits : iterable of Audit
    folder : path
        Made if it is not there.

    Returns
    -------
    list of Path
        The files, in the order of the report. Each says in comments what it belongs to.
    """
    written = []
    for audit in audits:
        for finding in audit.findings:
            if not isinstance(finding.evidence, Proof):
                continue
            name = file_name(finding.property, finding.condition)
            place = Path(folder) / file_name(audit.mechanism) / name
            for number, (step, text) in enumerate(finding.evidence.smt2, 1):
                place.mkdir(parents=True, exist_ok=True)
                file = place / f"{number:02}-{file_name(step)}.smt2"
                told = [
                    f"{audit.mechanism}: {finding.property}, {finding.scope}",
                    f"obligation: {step}",
                ]
                file.write_text("".join(f"; {line}\n" for line in told) + text, "utf-8")
                written.append(file)
    return written


def file_name(*parts: str) -> str:
    """A name that every file system takes, made of the parts that are not empty.

    Examples
    --------
    >>> file_name("kth-price", "dsic", "k <= 2")
    'kth-price-dsic-k-le-2'
    """
    name = "-".join(part for part in parts if part)
    for sign, told in {"<=": "le", ">=": "ge", "<": "lt", ">": "gt"}.items():
        name = name.replace(sign, told)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:120] or "obligation"
