"""The text of a rule's file, kept with a counterexample.

A counterexample about a rule in a file says more than the file's name: the file may change, or be gone.
Its text goes along, and its hash tells whether it is still the same. The text is Python, and running what
somebody sent is not for a replay to decide: it is run only when it is trusted explicitly.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mechanism.errors import InputError
from mechanism.rule import Rule
from proofs.targets import file_of, load


@dataclass(frozen=True)
class Source:
    """What a file held.

    Parameters
    ----------
    text : str
    sha256 : str
        Of the text, in UTF-8.
    """

    text: str
    sha256: str


def of_text(text: str) -> Source:
    """The text with its hash."""
    return Source(text, hashlib.sha256(text.encode()).hexdigest())


def source_of(target: str) -> Source | None:
    """What the file of a target holds now; None where the target is no file, or the file is gone."""
    file = file_of(target)
    if file is None or not file.is_file():
        return None
    try:
        return of_text(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def rules_from(source: Source, target: str) -> list[Rule]:
    """The rules that a target stood for when its file held this text. Runs the text."""
    file = file_of(target)
    if file is None or of_text(source.text) != source:
        raise InputError(
            f"{target}: the source that is carried along does not have the hash it says"
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        copy.write_text(source.text, "utf-8")
        _, _, name = target.rpartition(":")
        return load(f"{copy}:{name}")


def remark(source: Source | None, target: str) -> str:
    """What to tell of a rule that is not the one which was saved; empty if it is."""
    now = source_of(target)
    if source is None or now is None or now == source:
        return ""
    return (
        f"{target.rpartition(':')[0]} has changed since this was saved: what follows is about the rule as it is "
        "now. With --trust-source, the text that was saved is run instead."
    )
