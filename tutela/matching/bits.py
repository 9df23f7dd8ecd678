"""Machine instructions numba has no name for: bit counts, a filter over 32 sixteen-bit words at once, prefetching.

Each is a few lines of LLVM's own language, which becomes AVX-512, AVX2 or NEON, whatever the machine has.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 32
"""Words filtered at once. Arrays of words are padded by as many: the last group may reach beyond its bucket."""

_I16, _I32, _I64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)
_I8_POINTER = ir.IntType(8).as_pointer()
_WORDS = ir.VectorType(_I16, LANES)


def _instruction(declare: Callable[..., Any]) -> Any:
    """An intrinsic, called from compiled code with arrays and integers; `declare` gets their types instead."""
    return intrinsic(declare)


def _called(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function: Any = cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]
    return builder.call(function, arguments)


@_instruction
def popcount(typing: Any, value: Any) -> Any:
    """Bits set in an unsigned integer of any width, as int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        count = builder.ctpop(arguments[0])
        return count if value.bitwidth == 64 else builder.zext(count, _I64)

    return types.int64(value), generate


@_instruction
def lowest_bit(typing: Any, mask: Any) -> Any:
    """Position of the lowest set bit of a uint32 that is not zero, as int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.zext(builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1)), _I64)

    return types.int64(types.uint32), generate


@_instruction
def near_words(typing: Any, words: Any, first: Any, word: Any, limit: Any) -> Any:
    """Which of the 32 words from `words[first]` on differ from `word` in at most `limit` bits: one bit each.

    Reads all 32 without a look at the array's length: the caller pads.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(words)(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), _WORDS.as_pointer())
        group = builder.load(place, align=2)
        differing = builder.xor(group, _spread(builder, arguments[2]))
        counts = _called(builder, f"llvm.ctpop.v{LANES}i16", _WORDS, [differing])
        near = builder.icmp_unsigned("<=", counts, _spread(builder, arguments[3]))
        return builder.bitcast(near, _I32)

    return types.uint32(words, types.int64, types.uint16, types.uint16), generate


@_instruction
def prefetch(typing: Any, array: Any, position: Any) -> Any:
    """Asks for the cache line of `array.flat[position]`; never faults, whatever the position."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(array)(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), _I8_POINTER)
        # To read (0), soon and again (3), as data (1).
        hints = [ir.Constant(_I32, number) for number in (0, 3, 1)]
        _called(builder, "llvm.prefetch.p0", ir.VoidType(), [address, *hints])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _spread(builder: Any, word: Any) -> Any:
    """The same word in every lane."""
    single = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), word, ir.Constant(_I32, 0))
    lanes = ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES)
    return builder.shuffle_vector(single, ir.Constant(_WORDS, ir.Undefined), lanes)
