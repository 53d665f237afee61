"""A function of Java in a jar, put together without a compiler, which not every machine has."""

import struct
import zipfile

NAME = "org.example.Shouted"
# Flink finds out by itself that it is from STRING to STRING.
_EVAL = "(Ljava/lang/String;)Ljava/lang/String;"
_PUBLIC, _SUPER = 1, 32
_JAVA_8 = 52


def write(jar):
    """A jar with the scalar function NAME, which gives a text in capitals."""
    with zipfile.ZipFile(jar, "w") as packed:
        packed.writestr(f"{NAME.replace('.', '/')}.class", _class())


def _class():
    pool = [
        _text(NAME.replace(".", "/")),
        _class_of(1),
        _text("org/apache/flink/table/functions/ScalarFunction"),
        _class_of(3),
        _text("<init>"),
        _text("()V"),
        _pair(12, 5, 6),
        _pair(10, 4, 7),
        _text("Code"),
        _text("eval"),
        _text(_EVAL),
        _text("java/lang/String"),
        _class_of(12),
        _text("toUpperCase"),
        _text("()Ljava/lang/String;"),
        _pair(12, 14, 15),
        _pair(10, 13, 16),
    ]
    methods = [
        # aload_0, invokespecial the superclass' constructor, return
        _method(5, 6, b"\x2a\xb7\x00\x08\xb1", 1),
        # aload_1, invokevirtual toUpperCase, areturn
        _method(10, 11, b"\x2b\xb6\x00\x11\xb0", 2),
    ]
    return (
        struct.pack(">IHHH", 0xCAFEBABE, 0, _JAVA_8, len(pool) + 1)
        + b"".join(pool)
        # Itself, what it extends; no interfaces and no fields.
        + struct.pack(">HHHHH", _PUBLIC | _SUPER, 2, 4, 0, 0)
        + struct.pack(">H", len(methods))
        + b"".join(methods)
        + struct.pack(">H", 0)
    )


def _text(text):
    return struct.pack(">BH", 1, len(text)) + text.encode()


def _class_of(name):
    return struct.pack(">BH", 7, name)


def _pair(kind, first, second):
    return struct.pack(">BHH", kind, first, second)


def _method(name, descriptor, code, variables):
    body = struct.pack(">HHI", 1, variables, len(code)) + code + struct.pack(">HH", 0, 0)
    return struct.pack(">HHHHHI", _PUBLIC, name, descriptor, 1, 9, len(body)) + body
