"""The syntax tree of a rule: what the parser builds and everything after it reads.

`line` and `column` start at 1 and say where the user would point: at the operator of a `Binary`, at the name of a
`Property` or `Call`, at the first character of everything else. Nodes compare by identity."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(slots=True, eq=False)
class Node:
    line: int
    column: int


@dataclass(slots=True, eq=False)
class Expression(Node):
    pass


@dataclass(slots=True, eq=False)
class Statement(Node):
    pass


@dataclass(slots=True, eq=False)
class TypeRef(Node):
    """A type as written, without its generics: `String`, `java.util.List`, `int`. `dimensions` counts `[]`.
    `def`, `var` and a bare `final` are no type at all (None where a TypeRef is optional)."""

    name: str
    dimensions: int = 0


# Expressions


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """`kind` is one of null, boolean, int, long, bigint, decimal, double, float, string. A whole number without a
    suffix has the smallest of int, long and bigint that holds it, as in Groovy. Quoted text without `$` is a string."""

    value: bool | int | Decimal | float | str | None
    kind: str


@dataclass(slots=True, eq=False)
class GText(Expression):
    """`"a $b ${c}"`: texts and expressions in order. `${-> x}` is a ClosureLiteral without parameters, which is called
    each time the text is shown; an empty `${}` is a null literal."""

    parts: tuple[str | Expression, ...]


@dataclass(slots=True, eq=False)
class Name(Expression):
    """A variable, a class name, `this` or `super`."""

    name: str


@dataclass(slots=True, eq=False)
class Property(Expression):
    """`target.name`, `?.` (safe), `*.` (spread), `."any text"` (a str as well), `."$x"` and `.(x)` (an expression).
    `is_direct` is `target.@name`: the field without its getter."""

    target: Expression
    name: str | Expression
    safe: bool = False
    spread: bool = False
    is_direct: bool = False


@dataclass(slots=True, eq=False)
class MethodPointer(Expression):
    """`target.&name` and `target::name`."""

    target: Expression
    name: str


@dataclass(slots=True, eq=False)
class Index(Expression):
    """`target[items]`; safe is `target?[items]`. More than one item, or a SpreadArgument, makes a list of the items."""

    target: Expression
    items: tuple[Expression, ...]
    safe: bool = False


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`target.name(arguments)`, or `name(arguments)` when target is None: a function, a closure in a variable, or
    `this(…)`/`super(…)` at the start of a constructor. Closures after the parentheses are the last arguments;
    named arguments are one MapLiteral in front; `*x` is a SpreadArgument."""

    target: Expression | None
    name: str | Expression
    arguments: tuple[Expression, ...]
    safe: bool = False
    spread: bool = False


@dataclass(slots=True, eq=False)
class CallValue(Expression):
    """Calls what an expression gives: `list[0](x)`, `({ it })(x)`, `f(x)(y)`."""

    callee: Expression
    arguments: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class SpreadArgument(Expression):
    """`*x` among arguments, list items or index items."""

    value: Expression


@dataclass(slots=True, eq=False)
class New(Expression):
    type: TypeRef
    arguments: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class NewArray(Expression):
    """`new int[2][3]` (type int, two sizes) or `new int[]{1, 2}` (items). `type.dimensions` counts every `[]`, sized or
    not, so the value's component type has one dimension less."""

    type: TypeRef
    sizes: tuple[Expression, ...]
    items: tuple[Expression, ...] | None = None


@dataclass(slots=True, eq=False)
class ListLiteral(Expression):
    items: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class MapEntry(Node):
    """`key: value`; a bare word is a string literal as key. A None key spreads the map that `value` gives: `*: x`."""

    key: Expression | None
    value: Expression


@dataclass(slots=True, eq=False)
class MapLiteral(Expression):
    entries: tuple[MapEntry, ...]


@dataclass(slots=True, eq=False)
class RangeLiteral(Expression):
    """`a..b`, `a..<b` (excludes_last), `a<..b` (excludes_first), `a<..<b` (both)."""

    first: Expression
    last: Expression
    excludes_last: bool = False
    excludes_first: bool = False


@dataclass(slots=True, eq=False)
class Unary(Expression):
    """op is one of `! - + ~`."""

    op: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Increment(Expression):
    """op is `++` or `--`."""

    op: str
    target: Expression
    is_prefix: bool


@dataclass(slots=True, eq=False)
class Binary(Expression):
    """op is one of `** * / % + - << >> >>> < > <= >= in !in == != <=> === !== =~ ==~ & ^ |`."""

    op: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Link(Node):
    """One step of a Chain: `op right`, at the operator's position."""

    op: str
    right: Expression


@dataclass(slots=True, eq=False)
class Chain(Expression):
    """Two or more operators of one binding strength, applied from left to right: `a + b - c`. Flat, because rules build
    texts from hundreds of parts and nothing may recurse that deep."""

    first: Expression
    links: tuple[Link, ...]


@dataclass(slots=True, eq=False)
class Logical(Expression):
    """op is `&&` or `||`; two or more operands, evaluated until one decides."""

    op: str
    operands: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Ternary(Expression):
    condition: Expression
    when_true: Expression
    when_false: Expression


@dataclass(slots=True, eq=False)
class Elvis(Expression):
    value: Expression
    default: Expression


@dataclass(slots=True, eq=False)
class Assign(Expression):
    """op is `=`, `?=` or a compound such as `+=`, `<<=`, `**=`. target is a Name, Property or Index."""

    op: str
    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class MultiAssign(Expression):
    """`(a, b.c, d[0]) = value`."""

    targets: tuple[Expression, ...]
    value: Expression


@dataclass(slots=True, eq=False)
class Cast(Expression):
    """`(T) value`, or `value as T` when is_as."""

    type: TypeRef
    value: Expression
    is_as: bool


@dataclass(slots=True, eq=False)
class InstanceOf(Expression):
    value: Expression
    type: TypeRef
    negated: bool


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """`is_rest` is `T... name`; its type then has one dimension more than written."""

    name: str
    type: TypeRef | None = None
    default: Expression | None = None
    is_rest: bool = False


@dataclass(slots=True, eq=False)
class ClosureLiteral(Expression):
    """`{ a, b -> … }`, and a lambda `(a, b) -> …`. parameters is None for the implicit `it`, empty for `{ -> }`.
    The value of the last statement is the result."""

    parameters: tuple[Parameter, ...] | None
    body: "Block"
    is_lambda: bool = False


# Statements


@dataclass(slots=True, eq=False)
class Block(Statement):
    """Statements in a scope of their own."""

    statements: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class ExpressionStatement(Statement):
    expression: Expression


@dataclass(slots=True, eq=False)
class Declaration(Statement):
    """One variable. `int a = 1, b = 2` is two of these in a row. is_field is `@Field`: a script variable that
    functions see. Position: the name."""

    type: TypeRef | None
    name: str
    value: Expression | None
    is_field: bool = False
    is_final: bool = False


@dataclass(slots=True, eq=False)
class MultiDeclaration(Statement):
    """`def (a, String b) = value`; targets are Parameters without defaults."""

    targets: tuple[Parameter, ...]
    value: Expression | None
    is_final: bool = False


@dataclass(slots=True, eq=False)
class Branch(Node):
    condition: Expression
    body: Block


@dataclass(slots=True, eq=False)
class If(Statement):
    """`if`, every `else if` in order, and the last `else`."""

    branches: tuple[Branch, ...]
    otherwise: Block | None


@dataclass(slots=True, eq=False)
class While(Statement):
    condition: Expression
    body: Block


@dataclass(slots=True, eq=False)
class DoWhile(Statement):
    body: Block
    condition: Expression


@dataclass(slots=True, eq=False)
class ForClassic(Statement):
    start: tuple[Statement, ...]
    condition: Expression | None
    update: tuple[Expression, ...]
    body: Block


@dataclass(slots=True, eq=False)
class ForIn(Statement):
    """`for (T name in value)` and `for (T name : value)`."""

    type: TypeRef | None
    name: str
    value: Expression
    body: Block


@dataclass(slots=True, eq=False)
class Case(Node):
    """`case value:`, or `default:` when value is None, with the statements up to the next label (perhaps none)."""

    value: Expression | None
    statements: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class Switch(Statement):
    """A switch used as an expression arrives as a call of a ClosureLiteral around a Switch whose cases return."""

    subject: Expression
    cases: tuple[Case, ...]


@dataclass(slots=True, eq=False)
class Break(Statement):
    label: str | None


@dataclass(slots=True, eq=False)
class Continue(Statement):
    label: str | None


@dataclass(slots=True, eq=False)
class Return(Statement):
    value: Expression | None


@dataclass(slots=True, eq=False)
class Throw(Statement):
    value: Expression


@dataclass(slots=True, eq=False)
class Catch(Node):
    """`catch (A | B name)`; types is empty for `catch (name)`."""

    types: tuple[TypeRef, ...]
    name: str
    body: Block


@dataclass(slots=True, eq=False)
class Try(Statement):
    body: Block
    catches: tuple[Catch, ...]
    finally_body: Block | None


@dataclass(slots=True, eq=False)
class Assert(Statement):
    """`text` is the condition as written, for the message of a failure."""

    condition: Expression
    message: Expression | None
    text: str


@dataclass(slots=True, eq=False)
class Labeled(Statement):
    label: str
    statement: Statement


# Definitions


@dataclass(slots=True, eq=False)
class FunctionDef(Node):
    """A script's function, a class's method or (named as the class, without a return type) its constructor.
    return_type is None for `def`. `void` is a TypeRef of that name."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    return_type: TypeRef | None = None
    is_static: bool = False
    is_final: bool = False
    is_abstract: bool = False


@dataclass(slots=True, eq=False)
class FieldDef(Node):
    """A field of a class. is_property: written without `private`, `public` or `protected`, so it has get and set."""

    name: str
    type: TypeRef | None
    value: Expression | None
    is_static: bool = False
    is_final: bool = False
    is_property: bool = True


@dataclass(slots=True, eq=False)
class EnumConstant(Node):
    """`body` names the class of a constant that has methods of its own."""

    name: str
    arguments: tuple[Expression, ...]
    body: str | None = None


@dataclass(slots=True, eq=False)
class Annotation(Node):
    """`@Name(option: value)` in front of a class; a value is a constant, or a list of the texts of constants."""

    name: str
    options: dict[str, Any]


@dataclass(slots=True, eq=False)
class ClassDef(Node):
    """kind is class, enum, interface, trait or record. `starters` are the `static { }` blocks, `openers` those that run
    for every object; methods without a body are marked so and listed in `abstract` by name."""

    name: str
    superclass: TypeRef | None
    interfaces: tuple[TypeRef, ...]
    fields: tuple[FieldDef, ...]
    constructors: tuple[FunctionDef, ...]
    methods: tuple[FunctionDef, ...]
    starters: tuple[Block, ...] = ()
    constants: tuple[EnumConstant, ...] = ()
    kind: str = "class"
    abstract: tuple[str, ...] = ()
    openers: tuple[Block, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(slots=True, eq=False)
class Import(Node):
    """`import a.b.C`, `import a.b.*` (is_star), `import static a.B.c`, `import a.B as C` (alias)."""

    name: str
    alias: str | None = None
    is_static: bool = False
    is_star: bool = False


@dataclass(slots=True, eq=False)
class Remark(Node):
    """Something the parser accepted but did not take over, such as an annotation."""

    message: str


@dataclass(slots=True, eq=False)
class Script(Node):
    """A whole rule. Functions and classes are usable before the place where they stand."""

    statements: tuple[Statement, ...]
    functions: tuple[FunctionDef, ...]
    classes: tuple[ClassDef, ...]
    imports: tuple[Import, ...]
    warnings: tuple[Remark, ...]
