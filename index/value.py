"""Classes of values that cost nothing to define: a search defines sixty before it does anything.

`typing.NamedTuple` compiles every annotation, and `dataclass` some methods, besides making the
class twice: 0.1 and 0.3 ms a class. These compile one function a class, its constructor, and that
when it makes its first value.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]  # what namedtuple is made of
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from dataclasses import Field

T = TypeVar("T")

# A default for fields that nobody writes to.
NOTHING: Mapping[str, Any] = {}


class _DataclassFields:
    """What makes a value one for the module `dataclasses`; it is imported when it asks."""

    def __get__(self, _: object, kind: type[Value]) -> dict[str, Field[Any]]:
        from dataclasses import field, make_dataclass

        fields = [
            (name, annotation, field(**_default(kind, name), kw_only=not kind.__match_args__))
            for name, annotation in vars(kind)["__annotations__"].items()
        ]
        kind.__dataclass_fields__ = vars(make_dataclass(kind.__name__, fields))[
            "__dataclass_fields__"
        ]
        return kind.__dataclass_fields__


def _default(kind: type[Value], name: str) -> dict[str, Any]:
    defaults = kind._defaults
    return {"default_factory": partial(defaults.get, name)} if name in defaults else {}


class Value:
    """The base that `value` gives to a class: frozen, and compared by class and fields."""

    __slots__: tuple[str, ...] = ()
    __match_args__: tuple[str, ...] = ()
    _defaults: ClassVar[Mapping[str, Any]] = NOTHING
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]] = _DataclassFields()  # type: ignore[assignment]  # gives one

    def __init__(self, *values: Any, **named: Any) -> None:  # noqa: ANN401 - of any type
        kind = type(self)
        scope = {f"_set_{name}": vars(kind)[name].__set__ for name in kind.__slots__}
        body = "; ".join(f"_set_{name}(self, {name})" for name in kind.__slots__)
        fields = _parameters(kind.__slots__, kind._defaults)
        star = "" if kind.__match_args__ else "*, "
        init = f"def __init__(self, {star}{fields}): {body}"
        kind.__init__ = _compiled(kind, init, scope | {"_defaults": kind._defaults})  # type: ignore[method-assign]  # this one, once and for all
        kind.__init__(self, *values, **named)

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return isinstance(other, Value) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((self.__class__, self._values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{self.__class__.__qualname__}({fields})"

    def __setattr__(self, name: str, _: object) -> None:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __getstate__(self) -> tuple[object, ...]:
        return self._values()

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, own in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, own)


@overload
def value(kind: type[T], /) -> type[T]: ...
@overload
def value(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True)
def value(kind: type[T] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a class a frozen dataclass with slots, as the module `dataclasses` would, but quickly.

    A default is the same object in all values.
    """
    if kind is None:
        return partial(_value, kw_only=kw_only)
    return _value(kind, kw_only=kw_only)


def _value(kind: type[Any], *, kw_only: bool) -> type[Value]:
    names = {k: v for k, v in vars(kind).items() if k not in ("__dict__", "__weakref__")}
    fields = tuple(names["__annotations__"])
    names["_defaults"] = {name: names.pop(name) for name in fields if name in names}
    names |= {"__slots__": fields, "__match_args__": () if kw_only else fields}
    bases = tuple(base for base in kind.__bases__ if base is not object)
    make: Callable[..., type[Value]] = type(kind)
    return make(kind.__name__, (*bases, Value), names)


if TYPE_CHECKING:
    from dataclasses import replace as replace
else:

    def replace(old: Value, /, **changes: object) -> Value:
        """Return a value with some of its fields changed, as `dataclasses.replace` does."""
        return type(old)(**dict(zip(old.__slots__, old._values(), strict=True)) | changes)


class _Record(tuple[Any, ...]):
    """The base of named tuples; its methods are those of the standard library."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _field_defaults: ClassVar[Mapping[str, Any]] = NOTHING

    def __new__(cls, *values: Any, **named: Any) -> Self:  # noqa: ANN401 - of any type
        fields, defaults = cls._fields, cls._field_defaults
        body = f"return _new(_cls, ({', '.join(fields)},))"
        source = f"def __new__(_cls, {_parameters(fields, defaults)}): {body}"
        scope = {"_new": tuple.__new__, "_defaults": defaults}
        cls.__new__ = _compiled(cls, source, scope)  # type: ignore[method-assign]  # this one, once and for all
        return cls.__new__(cls, *values, **named)

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: Any) -> Self:  # noqa: ANN401 - fields are of any type
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        fields = ", ".join(f"{n}={v!r}" for n, v in zip(self._fields, self, strict=True))
        return f"{self.__class__.__name__}({fields})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


class _RecordType(type):
    """Makes of a class with annotations one of named tuples."""

    def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, names)
        fields = tuple(names["__annotations__"])
        defaults = {field: names.pop(field) for field in fields if field in names}
        getters = {field: _tuplegetter(place, "") for place, field in enumerate(fields)}
        about = {"__slots__": (), "__match_args__": fields}
        own = {"_fields": fields, "_field_defaults": defaults}
        return type(name, (_Record,), names | getters | about | own)


if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class NamedTuple(metaclass=_RecordType):
        """The same as `typing.NamedTuple`."""


def _parameters(fields: Iterable[str], defaults: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}=_defaults[{name!r}]" if name in defaults else name for name in fields)


def _compiled(kind: type, source: str, scope: dict[str, Any]) -> Callable[..., Any]:
    """Compile the constructor of a class."""
    exec(source, scope)
    function: Callable[..., Any] = scope[source[len("def ") : source.index("(")]]
    function.__qualname__ = f"{kind.__qualname__}.{function.__name__}"
    return function
