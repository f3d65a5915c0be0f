"""The texts of Basic mode, with which Script mode begins."""

from functools import cache
from importlib.resources import files

from sync.rule import RuleSide


@cache
def shipped(side: RuleSide) -> str:
    found = files("rules") / "basic" / f"{side}.groovy"
    return found.read_text(encoding="utf-8") if found.is_file() else f"// {side}\n"
