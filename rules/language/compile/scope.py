"""Where names live: every activation has one frame, every name a slot in it, a captured name a cell in its slot."""

from typing import Any

from rules.language.closures import FIRST_LOCAL
from rules.language.errors import NotGroovy


class Variable:
    """A local name. `cell` says that a closure uses it, so that its slot holds a list of one: the shared variable."""

    __slots__ = ("cell", "is_final", "name", "slot", "type")

    def __init__(self, name: str, slot: int, cell: bool, type_: Any = None, is_final: bool = False) -> None:
        self.name = name
        self.slot = slot
        self.cell = cell
        self.type = type_
        self.is_final = is_final


class Scope:
    """The names of one function, or of one closure inside it. `shared` are the names that closures inside mention: a
    local with such a name gets a cell, whether they mean it or not."""

    def __init__(self, outside: "Scope | None", shared: frozenset[str]) -> None:
        self.outside = outside
        self.shared = shared
        self.size = FIRST_LOCAL
        self.blocks: list[dict[str, Variable]] = [{}]
        self.captures: list[tuple[int, int]] = []
        self.loops = 0
        self.labels: list[str] = []
        self.switches = 0

    def enter(self) -> None:
        """Begin a block: what is declared from here on ends with it."""
        self.blocks.append({})

    def leave(self) -> None:
        self.blocks.pop()

    def reserve(self) -> int:
        """A slot of the frame for a value without a name."""
        self.size += 1
        return self.size - 1

    def declare(self, name: str, line: int, column: int, type_: Any = None, *, is_final: bool = False) -> Variable:
        """A new local of the present block. Raises NotGroovy when the name is taken here or outside."""
        if self.find(name) is not None:
            raise NotGroovy(f"The current scope already contains a variable of the name {name}", line, column)
        return self.shadow(name, type_, is_final=is_final)

    def shadow(self, name: str, type_: Any = None, *, is_final: bool = False) -> Variable:
        """A new local of the present block, whatever the name means outside: the implicit `it` is one."""
        variable = Variable(name, self.reserve(), name in self.shared, type_, is_final)
        self.blocks[-1][name] = variable
        return variable

    def find(self, name: str) -> Variable | None:
        """The local of that name; one of a scope around is captured on the way."""
        for block in reversed(self.blocks):
            if name in block:
                return block[name]
        found = self.outside.find(name) if self.outside is not None else None
        if found is None:
            return None
        here = Variable(name, self.reserve(), True, found.type, found.is_final)
        self.captures.append((found.slot, here.slot))
        self.blocks[0][name] = here
        return here
