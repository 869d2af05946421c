"""Compare what users read with what is on file in tests/golden."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def check(name: str, text: str) -> None:
    """Fail when the text is not the one on file, and leave it beside that one as ``.new``."""
    file, proposed = FOLDER / name, FOLDER / f"{name}.new"
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if file.exists() and file.read_text("utf-8") == text:
        proposed.unlink(missing_ok=True)
        return
    FOLDER.mkdir(exist_ok=True)
    proposed.write_text(text, "utf-8")
    raise AssertionError(
        f"{file} differs; if {proposed.name} is right, move it over. It says:\n{text}"
    )
