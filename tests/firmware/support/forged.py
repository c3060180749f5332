"""Compiled modules that no app may have: what is wrong, the bytes, and what the watch says of them."""

from support import forge
from support.forge import (
    CLASS,
    DUP,
    END,
    END_FINALLY,
    IMPORT,
    ITER_STACK,
    NONE,
    NULL,
    ONE,
    POP,
    RETURN,
    ROT2,
    SPEND,
    STORE_MAP,
    STORE_SUBSCR,
    TRUE,
    TWO,
    YIELD,
    YIELD_FROM,
    ZERO,
    ahead,
    app,
    back,
    function,
    load,
    module,
    name,
    number,
    op,
    store,
    top,
)

PLAIN = function(END)
TRY, FINALLY, LEAVE, UNWIND = 0x48, 0x49, 0x4A, 0x40
LOOP = NONE + ITER_STACK + b"\x4b"
BODY = function(END)
SHARED = b"\x20\x00\x01"


def with_class(body, call=b"\x34\x02", made=b"\x32\x00", text_name="n1", **form):
    """A module that makes a class of a body."""
    root = CLASS + made + name(0x10, text_name) + call + name(0x16, "n0") + END
    return top(root, (function(body, **form),))


def closure(inner, made, outer_state=8, cells=(0,), outer=b"", inner_cells=(), **form):
    """A function with a shared variable, and one in it."""
    code = outer + made + POP + END
    child = function(SPEND + inner, cells=inner_cells, **form)
    middle = function(SPEND + code, (child,), state=outer_state, cells=cells)
    return top(b"\x32\x00" + name(0x16, "n0") + END, (middle,))


FORM = (
    ("no module at all", b"", "ends early"),
    ("another format", module(PLAIN, header=b"m\x06\x00\x1f"), "no bytecode of this version"),
    ("version 5", module(PLAIN, header=b"M\x05\x00\x1f"), "no bytecode of this version"),
    ("an architecture", module(PLAIN, header=b"M\x06\x28\x1f"), "no bytecode of this version"),
    ("flags of an architecture", module(PLAIN, header=b"M\x06\x40\x1f"), "no bytecode of this version"),
    ("a sub-version", module(PLAIN, header=b"M\x06\x03\x1f"), "no bytecode of this version"),
    ("large small integers", module(PLAIN, header=b"M\x06\x00\x3f"), "no bytecode of this version"),
    ("a large module", top(END, objects=(b"\x06" + number(13_000) + bytes(13_001),) * 2), "a module of"),
    ("bytes behind the end", module(PLAIN) + b"\x00", "behind the end"),
    ("native code", module(function(END, kind=1)), "machine code"),
    ("viper code", module(function(END, kind=2)), "machine code"),
    ("assembler", module(function(END, kind=3)), "machine code"),
    ("native code in bytecode", top(b"\x32\x00" + POP + END, (function(END, kind=1),)), "machine code"),
    ("no name", module(PLAIN, names=()), "too high"),
    ("a name that nobody has", b"M\x06\x00\x1f\x01\x00" + number(166 << 1 | 1) + PLAIN, "that nobody has"),
    ("name 0", b"M\x06\x00\x1f\x01\x00\x01" + PLAIN, "that nobody has"),
    ("too many names", b"M\x06\x00\x1f" + number(1025) + b"\x00", "too high"),
    ("a long name", module(PLAIN, names=("a" * 97,)), "a name of 97 bytes"),
    ("a name that is no text", module(PLAIN, names=(b"\xff\xfe",)), "no UTF-8"),
    ("a name cut within a letter", module(PLAIN, names=(b"a\xe4\xb8",)), "no UTF-8"),
    ("a name without an end", module(PLAIN).replace(b"app.py\x00", b"app.py\x01"), "without an end"),
    ("too many texts", module(PLAIN, names=[("%03d" % i) + "z" * 90 for i in range(23)]), "names and short texts"),
    ("a number of nine bytes", b"M\x06\x00\x1f" + b"\xff" * 9, "too high"),
    ("the table of functions", top(END, objects=(b"\x00",)), "an object of type 0"),
    ("a complex number", top(END, objects=(b"\x09\x021j",)), "an object of type 9"),
    ("an object of no type", top(END, objects=(b"\x0b\x00",)), "an object of type 11"),
    ("tuples in tuples", top(END, objects=(b"\x0a\x01" * 5 + b"\x01",)), "an object of type 10"),
    ("a tuple longer than the file", top(END, objects=(b"\x0a\xff\x7f\x01",)), ""),
    ("a long integer", top(END, objects=(b"\x07\x61" + b"9" * 97,)), "a number that is none"),
    ("an integer that is none", top(END, objects=(b"\x07\x021x",)), "a number that is none"),
    ("an empty float", top(END, objects=(b"\x08\x00",)), "a number that is none"),
    ("a string without an end", top(END, objects=(b"\x05\x01a\x01",)), "without an end"),
    ("bytes without an end", top(END, objects=(b"\x06\x01a\x01",)), "without an end"),
    ("a string that is no text", top(END, objects=(b"\x05\x01\xff\x00",)), "no UTF-8"),
    ("more children than there are", module(function(END, (PLAIN,))[: -len(PLAIN)]), "ends early"),
)


def _deep(count):
    inner = function(SPEND + END)
    for _ in range(count):
        inner = function(SPEND + b"\x32\x00" + POP + END, (inner,))
    return function(b"\x32\x00" + POP + END, (inner,))


FORM += (
    ("functions in functions", module(_deep(8)), "too many functions"),
    ("many functions", top(END, [function(END, [PLAIN] * 200) for _ in range(3)]), "too many functions"),
    ("a function longer than the module", module(number(9000 << 3) + b"\x08"), "ends early"),
)
NUMBERS = (
    ("65,536 places", app(END, state=65_537), "a wrong size"),
    ("600 places", app(END, state=600), "a wrong size"),
    ("40 blocks", app(END, blocks=40), "a wrong size"),
    ("unknown flags", app(END, flags=16), "a wrong size"),
    ("200 arguments", app(END, places=200, state=300), "wrong arguments"),
    ("more defaults than arguments", app(END, places=1, defaults=2), "wrong arguments"),
    ("sizes without an end", module(number(9 << 3) + b"\x08" + b"\xff" * 8), "a wrong size"),
    ("a signature without an end", module(number(9 << 3) + b"\xff" * 9), "a wrong size"),
    ("locals without room", top(op(0x28, 9) + b"\x64", state=4), "more locals"),
    ("arguments without room", app(END, places=5, state=4), "more locals"),
    ("a local beyond the room", app(load(9) + POP + END, state=8), "more locals"),
    ("local 200", app(op(0x24, 200) + POP + END), "more locals"),
    ("a cell beyond the room", app(END, cells=(77,)), "more locals"),
    ("a cell twice", app(END, cells=(0, 0)), "shared twice"),
    ("names cut off", app(END, places=3, info=b"\x00"), "ends early"),
    ("a wild name of an argument", app(END, places=1, info=b"\x00\x7e"), "too high"),
    ("a wild name of its own", app(END, info=b"\x7e"), "too high"),
    ("a name beyond the table", app(op(0x10, 99) + POP + END), "a name that the module does not have"),
    ("a constant beyond the table", app(op(0x23, 1) + POP + END, objects=(b"\x01",)), "a constant that"),
    ("no constants at all", app(op(0x23, 0) + POP + END), "a constant that"),
    ("a function that is not there", top(b"\x32\x01" + POP + END, (PLAIN,)), "not there, or made"),
    ("a function that nothing makes", top(END, (PLAIN,)), "that nothing makes"),
    ("no code", module(function(b"")), "without an end"),
    ("an integer of six bytes", app(b"\x22\xff\xff\xff\xff\xff\x01" + POP + END), "too high"),
    ("an instruction cut off", app(b"\x12\x80"), "ends early"),
    ("a jump cut off", app(b"\x42\x80"), "ends early"),
    ("an unknown instruction", app(b"\x00" + END), "instruction 00"),
    ("instruction ff", app(b"\xff" + END), "instruction ff"),
    ("a unary operation beyond the last", app(NONE + b"\xd4" + POP + END), "instruction d4"),
    ("a binary operation beyond the last", app(NONE + NONE + b"\xfa" + POP + END), "instruction fa"),
    ("LOAD_SUPER_METHOD", app(NONE + NONE + NONE + name(0x15, "open") + b"\x36\x00" + POP + END), "instruction 15"),
    ("with", app(NONE + ahead(0x47, 1) + POP + POP + END), "instruction 47"),
    ("the end of with", app(NONE + b"\x5c" + END), "instruction 5c"),
    ("import of all", app(IMPORT + b"\x69" + END), "instruction 69"),
    ("a table of 60,000", app(op(0x2C, 60_000) + POP + END), "a table of"),
    ("a slice of five", app(NONE * 5 + op(0x2E, 5) + POP + END), "a slice of"),
)
WAYS = (
    ("a jump into an instruction", app(back(0x42, 1) + name(0x12, "n0") + POP + END), "where no instruction"),
    ("a jump before the function", app(back(0x42, -60)), ""),
    ("a jump far away", app(back(0x42, 8000, short=False)), "out of the function"),
    ("a jump to the end", app(back(0x42, 0)), "out of the function"),
    ("no end", app(NONE + POP), "without an end"),
    ("pop of nothing", app(POP + END), "less on the stack"),
    ("an operation on one value", app(NONE + b"\xf2" + END), "less on the stack"),
    ("a call of nothing", app(b"\x34\x00" + END), "less on the stack"),
    ("turning of one", app(NONE + ROT2 + END), "less on the stack"),
    ("many values", app(NONE * 9 + POP * 9 + END, state=8), "more on the stack"),
    ("unpacking of 300", app(NONE + op(0x30, 300) + END), "more on the stack"),
    ("unpacking of 255 and 255", app(NONE + op(0x31, 0xFFFF) + END), "more on the stack"),
    ("values over locals", app(NONE * 5 + POP * 5 + END, state=8, places=4), "more on the stack"),
    (
        "two depths",
        app(NONE + back(0x43, 1) + NONE + NONE + RETURN),
        "two depths",
    ),
    (
        "a method or two objects",
        app(NONE + back(0x43, 5) + NONE + name(0x14, "set") + back(0x42, 2) + NONE + NONE + b"\x36\x00" + RETURN),
        "two things",
    ),
    ("nothing or something", app(NONE + back(0x43, 3) + NULL + back(0x42, 1) + NONE + POP + END), "two things"),
    ("something or nothing", app(NONE + back(0x43, 3) + TRUE + back(0x42, 1) + NULL + POP + END), "two things"),
    ("a call of two objects as a method", app(NONE + NONE + b"\x36\x00" + RETURN), "without its method"),
    ("a method alone", app(NONE + name(0x14, "set") + POP + POP + END), "no object"),
    ("nothing as an argument", app(NONE + NULL + b"\x34\x01" + POP + END), "no object"),
    ("nothing returned", app(NULL + RETURN), "a class body that returns"),
    ("nothing stored", app(NULL + store(0) + END), "no object"),
    ("nothing copied", app(NULL + DUP + POP + POP + END), "no object"),
    ("nothing tested and kept", app(NULL + ahead(0x45, 1) + NONE + RETURN), "no object"),
    ("a nothing set as an item", app(NONE + name(0x14, "set") + NONE + NONE + STORE_SUBSCR + END), "no object"),
    ("a number as the name of an argument", app(NONE + ONE + NONE + op(0x34, 256) + POP + END), "without a name"),
    ("a table as arguments", app(NONE + NULL + NONE + ZERO + op(0x35, 256) + POP + END), "without a name"),
    ("many arguments, unsaid", app(NONE + NONE + NONE + op(0x35, 1) + POP + END), "which arguments are many"),
    ("a step without an iterator", app(NONE * 4 + ahead(0x4B, 2) + END + END), "without an iterator"),
    ("a step of part of an iterator", app(NONE + ITER_STACK + POP + NONE + ahead(0x4B, 1) + POP + END), "without an"),
    ("a comprehension of nothing", app(NONE + NONE + op(0x2F, 1 << 2) + END), "without its list"),
    ("a comprehension of a list as a set", app(op(0x2B, 0) + NONE + op(0x2F, 1 << 2 | 2) + END), "without its list"),
    ("a comprehension far below", app(op(0x2B, 0) + NONE + op(0x2F, 9 << 2) + END), "less on the stack"),
    ("a table that is none", app(NONE + NONE + NONE + STORE_MAP + POP + END), "no table"),
    ("a yield in a function", app(NONE + YIELD + POP + END), "yields and is none"),
    ("another's yield in a function", app(NONE + NONE + YIELD_FROM + POP + END), "yields and is none"),
    ("a generator as a module", module(function(END, flags=1)), "with arguments"),
)
BLOCKS = (
    ("a block without room", app(ahead(TRY, 3) + NONE + ahead(LEAVE, 1) + END_FINALLY + END, blocks=0), "more blocks"),
    ("the end of no try", app(ahead(LEAVE, 0) + END), "the end of no block"),
    ("the end of no finally", app(NONE + END_FINALLY + END), "the end of no handler"),
    (
        "the end of a finally as of a try",
        app(ahead(FINALLY, 3) + ahead(LEAVE, 2) + NONE + END_FINALLY + END),
        "no block",
    ),
    (
        "a handler that has lost its error",
        app(ahead(TRY, 2) + ahead(LEAVE, 3) + POP + ONE + END_FINALLY + END),
        "error",
    ),
    (
        "a number where finally looks",
        app(ahead(FINALLY, 1) + ONE + END_FINALLY + END),
        "a way out of a block",
    ),
    ("a way into a handler", app(ahead(TRY, 1) + NONE + POP + END), "a way out of a block"),
    (
        "a way past a handler",
        app(ahead(TRY, 3) + back(0x42, 2) + NONE + END_FINALLY + NONE + POP + END),
        "out of a block",
    ),
    ("finally that takes what lies below", app(ahead(FINALLY, 1) + NONE + POP + END), "less on the stack"),
    (
        "try that takes what lies below",
        app(NONE + ahead(TRY, 3) + POP + ahead(LEAVE, 1) + END_FINALLY + END),
        "less on",
    ),
    ("finally with more at its end", app(ahead(FINALLY, 1) + NONE + NONE + END_FINALLY + END), "lost its place"),
    ("return in finally", app(ahead(FINALLY, 1) + NONE + NONE + RETURN), "out of finally"),
    ("a jump out of no block", app(back(UNWIND, 1) + b"\x01" + END), "more blocks than there are"),
    ("a jump out of none", app(back(UNWIND, 1) + b"\x00" + END), "more blocks than there are"),
    (
        "a jump out of two blocks of one",
        app(ahead(TRY, 3) + back(UNWIND, 2) + b"\x02" + END_FINALLY + END),
        "more blocks than there are",
    ),
    (
        "a jump out of finally",
        app(ahead(FINALLY, 1) + NONE + back(UNWIND, 1) + b"\x01" + END),
        "out of finally",
    ),
    (
        "a jump out of a block above its base",
        app(ahead(FINALLY, 4) + NONE + back(UNWIND, 3) + b"\x01" + END_FINALLY + END),
        "out of finally",
    ),
    (
        "a jump out of a loop that is none",
        app(ahead(TRY, 3) + back(UNWIND, 2) + b"\x81" + END_FINALLY + END),
        "",
    ),
    (
        "a jump out of a block without room",
        app(NONE * 7 + ahead(TRY, 3) + back(UNWIND, 2) + b"\x01" + END_FINALLY + END, state=8),
        "",
    ),
    (
        "two blocks in one place",
        app(NONE + back(0x43, 2) + ahead(TRY, 2) + END + END_FINALLY + END),
        "two blocks",
    ),
)
MADE = (
    (
        "defaults that the function lacks",
        app(END, made=b"\x33\x00", before=NONE + b"\x2a\x01" + NULL),
        "other defaults",
    ),
    ("defaults that nobody gives", app(END, places=1, defaults=1), "other defaults"),
    (
        "one default of two",
        app(END, made=b"\x33\x00", before=NONE + b"\x2a\x01" + NULL, places=2, defaults=2),
        "other defaults",
    ),
    ("defaults by name that nobody gives", app(END, flags=8), "other defaults"),
    (
        "defaults that are no tuple",
        app(END, made=b"\x33\x00", before=NONE + NULL, places=1, defaults=1),
        "wrong defaults",
    ),
    ("defaults by name that are no table", app(END, made=b"\x33\x00", before=NULL + TRUE), "wrong defaults"),
    ("made in two ways", app(END, before=b"\x32\x00" + POP + CLASS), "made in two ways"),
    ("a shared variable that is none", app(END, made=SHARED, before=NONE, places=1), "not shared"),
    ("more shared than arguments", closure(END, SHARED, outer=load(0)), "fewer arguments"),
    ("reading a local as shared", app(op(0x25, 0) + POP + END), "not shared"),
    ("writing a local as shared", app(NONE + op(0x27, 0) + END), "not shared"),
    ("overwriting a shared variable", app(NONE + store(0) + END, cells=(0,)), "overwritten"),
    ("emptying a shared variable", app(op(0x28, 0) + END, cells=(0,)), "overwritten"),
    ("a shared variable as an object", app(load(0) + RETURN, cells=(0,)), "a class body that returns"),
    ("an argument shared twice", closure(END, SHARED, outer=load(0), places=1, inner_cells=(0,)), "shared twice"),
    ("a class body that returns a number", with_class(ONE + RETURN), "a class body that returns"),
    ("a class body with arguments", with_class(END, places=1), "with arguments"),
    ("a class body that is a generator", with_class(END, flags=1), "with arguments"),
    ("a class body called", top(CLASS + b"\x32\x00" + b"\x34\x00" + POP + POP + END, (BODY,)), "no object"),
    ("a class of any function", app(CLASS + load(0) + name(0x10, "n1") + b"\x34\x02" + RETURN), "no object"),
    ("a class without a name", top(CLASS + b"\x32\x00" + NONE + b"\x34\x02" + POP + END, (BODY,)), "no object"),
    ("what makes classes, as an object", app(CLASS + RETURN), "a class body that returns"),
)


def attr(text_name):
    """A function that reads an attribute."""
    return app(NONE + name(0x13, text_name) + RETURN)


WORDS = (
    ("an attribute of screens", attr("screen"), "the name screen"),
    ("an attribute with underscores", attr("__class__"), "the name __class__"),
    ("__dict__", attr("__dict__"), "the name __dict__"),
    ("a pool name beyond the last", attr("n512"), "the name n512"),
    ("a pool name with a zero", attr("n01"), "the name n01"),
    ("a method of screens", app(NONE + name(0x14, "damage") + b"\x36\x00" + RETURN), "the name damage"),
    ("forgetting settings", app(NONE + name(0x14, "forget") + b"\x36\x00" + RETURN), "the name forget"),
    ("__init__ of an object", app(NONE + name(0x14, "__init__") + b"\x36\x00" + RETURN), "the name __init__"),
    ("__init__ as an attribute", app(name(0x12, "App") + name(0x13, "__init__") + RETURN), "the name __init__"),
    (
        "__init__ of one's own",
        app(name(0x12, "n0") + name(0x14, "__init__") + b"\x36\x00" + RETURN),
        "the name __init__",
    ),
    (
        "__init__ by a jump",
        app(NONE + NONE + back(0x43, 3) + POP + name(0x12, "App") + name(0x14, "__init__") + b"\x36\x00" + RETURN),
        "the name __init__",
    ),
    ("setting what belongs to the watch", app(NONE + NONE + name(0x18, "ui") + END), "the name ui"),
    ("a class that defines what belongs to the watch", with_class(NONE + name(0x16, "ui") + END), "the name ui"),
    ("a class that defines what entries have", with_class(NONE + name(0x16, "end") + END), "the name end"),
    ("a forbidden function", app(name(0x12, "getattr") + RETURN), "the name getattr"),
    ("the function that opens files", app(name(0x12, "open") + RETURN), "the name open"),
    ("a name of the module", app(name(0x12, "__name__") + RETURN), "the name __name__"),
    ("a name in a function", app(name(0x11, "n0") + RETURN), "the name n0"),
    ("a name set in a function", app(NONE + name(0x16, "n0") + END), "the name n0"),
    ("a global name of the API", app(NONE + name(0x17, "Label") + END), "the name Label"),
    ("a global fuel call", app(NONE + name(0x17, "spend") + END), "the name spend"),
    ("another fuel call", top(NONE + name(0x16, "spend") + END), "the name spend"),
    ("a name of the API for another", top(IMPORT + name(0x1C, "App") + name(0x16, "Label") + END), "the name Label"),
    ("another thing as the fuel call", top(IMPORT + name(0x1C, "App") + name(0x16, "spend") + END), "the name spend"),
    (
        "a jump to where it is bound",
        top(NONE + back(0x43, 9) + IMPORT + name(0x1C, "spend") + name(0x16, "spend") + END),
        "",
    ),
    ("deleting a name", top(name(0x19, "n0") + END), "instruction 19"),
    ("deleting a global name", app(name(0x1A, "n0") + END), "instruction 1a"),
    ("deleting an attribute", app(NULL + NONE + name(0x18, "n0") + END), "no object"),
    ("a forbidden module", app(ZERO + NONE + b"\x2a\x01" + name(0x1B, "os") + POP + END), "the name os"),
    ("another app", app(ZERO + NONE + b"\x2a\x01" + name(0x1B, "apps.other.app") + POP + END), "the name apps.other"),
    ("the package", app(ZERO + NONE + b"\x2a\x01" + name(0x1B, "watch") + POP + END), "the name watch"),
    ("a whole module", app(ZERO + NONE + name(0x1B, "watch.apps.api") + POP + END), "a whole module"),
    ("a level above", app(TWO + NONE + b"\x2a\x01" + name(0x1B, "watch.apps.api") + POP + END), "a whole module"),
    (
        "the API from the folder",
        app(ONE + NONE + b"\x2a\x01" + name(0x1B, "watch.apps.api") + POP + END),
        "a whole module",
    ),
    ("one's own from the top", app(ZERO + NONE + b"\x2a\x01" + name(0x1B, "bound") + POP + END), "a whole module"),
    ("a level that is no number", app(NONE + NONE + b"\x2a\x01" + name(0x1B, "watch.apps.api") + POP + END), "a whole"),
    ("names from an object", app(NONE + name(0x1C, "Label") + POP + POP + END), "from no module"),
    ("a name that is not exported", app(IMPORT + name(0x1C, "getattr") + POP + POP + END), "the name getattr"),
    (
        "the fuel call of another module",
        top(ONE + NONE + b"\x2a\x01" + name(0x1B, "bound") + name(0x1C, "spend") + name(0x16, "spend") + POP + END),
        "from no module",
    ),
    ("an attribute of a module", app(IMPORT + name(0x13, "ui") + POP + END), "no object"),
    ("a module kept", app(IMPORT + store(0) + END), "no object"),
)
FUEL = (
    ("no fuel", app(END, spend=False), "a function without fuel"),
    ("fuel after a branch", app(NONE + back(0x43, 5) + SPEND + END, spend=False), "a function without fuel"),
    ("fuel after a call", app(load(0) + b"\x34\x00" + POP + SPEND + END, spend=False, places=1), "without fuel"),
    ("fuel that is not called", app(name(0x12, "spend") + POP + END, spend=False), "a function without fuel"),
    (
        "fuel called with something",
        app(name(0x12, "spend") + NONE + b"\x34\x01" + POP + END, spend=False),
        "without fuel",
    ),
    ("a loop without fuel", app(NONE + POP + back(0x42, -4)), "a loop without fuel"),
    ("a loop of one jump", app(back(0x42, -2)), "a loop without fuel"),
    ("a loop with fuel after a branch", app(NONE + back(0x43, 5) + SPEND + back(0x42, -10)), "a loop without fuel"),
    ("a for loop without fuel", app(LOOP + b"\x03" + POP + back(0x42, -5) + END), "a loop without fuel"),
    (
        "a for loop that ends within itself",
        app(NONE + ITER_STACK + b"\x4b\x08" + POP + SPEND + back(0x42, -10) + NONE + ITER_STACK + back(0x42, -14)),
        "a loop without fuel",
    ),
    ("a loop of a module", top(NONE + POP + back(0x42, -4)), "a loop without fuel"),
    ("a loop of a class", with_class(NONE + POP + back(0x42, -4)), "a loop without fuel"),
    (
        "a loop through finally",
        app(ahead(FINALLY, 3) + back(UNWIND, -4) + b"\x01" + END_FINALLY + END),
        "a loop without",
    ),
)
CASES = FORM + NUMBERS + WAYS + BLOCKS + MADE + WORDS + FUEL
GOOD = (
    ("the smallest", top(END)),
    ("one function", app(END)),
    ("a fuel call bound", top(forge.IMPORT_SPEND + END)),
    (
        "a name from one's own module",
        top(ONE + NONE + b"\x2a\x01" + name(0x1B, "bound") + name(0x1C, "n1") + POP + POP + END),
    ),
    ("a class", with_class(END)),
    ("a closure", closure(op(0x25, 0) + RETURN, SHARED, outer=load(0), places=1)),
    ("a loop", app(LOOP + b"\x08" + POP + SPEND + back(0x42, -10) + END)),
    ("try", app(ahead(TRY, 4) + NONE + POP + ahead(LEAVE, 1) + END_FINALLY + END)),
    ("finally", app(ahead(FINALLY, 1) + NONE + END_FINALLY + END)),
    ("a generator", app(NONE + YIELD + POP + END, flags=1)),
    ("__init__ of the API", app(name(0x12, "App") + name(0x14, "__init__") + load(0) + b"\x36\x01" + RETURN, places=1)),
)
MODULES = ("app", "bound")
APP = "tally"
