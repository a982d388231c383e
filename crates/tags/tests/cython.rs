//! The risk: what Cython adds to Python takes the functions and classes around it out of the map.
#![cfg(feature = "lang-python")]

use repo_map_tags::{Language, Outcome, extract};

/// Every definition as `line kind name`, a declaration with a `-` before. The text has to be one that the grammar then reads.
fn check(what: &str, source: &str, expected: &str) {
    let extraction = extract(Language::by_id("cython").expect("it is in this build"), source.as_bytes());
    let tags = extraction.tags;
    let print = |definition: &repo_map_model::Definition| {
        let sign = if definition.declaration { "-" } else { "" };
        format!("{} {sign}{} {}", definition.line + 1, definition.kind.as_str(), tags.name(definition.name))
    };
    let defined: Vec<_> = tags.definitions().iter().map(print).collect();
    assert_eq!(defined.join(", "), expected, "{what}");
    assert_eq!(extraction.outcome, Outcome::Complete, "{what}");
}

#[test]
fn heads_of_c_define_what_those_of_python_do() {
    check(
        "functions",
        "cdef int one(node* n, node** to=NULL) except -1:\n    cdef int local\n    cdef object (*call)(int)\n    return (<int>local)\ncpdef str two(self, *args, int a not None, **rest):\n    return &args[0]\ncdef inline void three() noexcept nogil: pass\ndef four(list a, int[:, :] b, c: int = 1) -> int:\n    return a < b and c > 1\n",
        "1 function one, 5 function two, 7 function three, 8 function four",
    );
    check(
        "loops and errors of old",
        "def one(int n):\n    for i from 0 <= i < n by 2:\n        raise A, sizeof(unsigned long)\ndef two(): pass\n",
        "1 function one, 4 function two",
    );
    check(
        "classes",
        "cdef class One:\n    cdef readonly int a, b\n    cdef public object c\n    cdef int d(self):\n        return 1\n    def __cinit__(self, int a): pass\n@cython.final\ncdef public class Two(One) [object O, type T]:\n    property e:\n        def __get__(self): return 1\n    def f(self): pass\ncdef class Elsewhere\n",
        "1 class One, 2 field a, 2 field b, 3 field c, 4 method d, 6 constructor __cinit__, 8 class Two, 9 method e, 10 function __get__, 11 method f",
    );
    check(
        "a definition file",
        "from libc.stdlib cimport malloc\ncdef class One:\n    cdef int a\n    cdef int b(self, int c=*)\ncdef int two(int a)\ncdef extern int three\n@cython.locals(a=int,\n  b=int)\n@cython.final\ncdef four(int a)\ncdef class a.b.Five [object F]:\n    pass\n",
        "2 class One, 3 field a, 4 -method b, 5 -function two, 6 variable three, 10 -function four, 11 class Five",
    );
}

#[test]
fn blocks_of_declarations_are_read() {
    check(
        "what is elsewhere",
        "cdef extern from \"a.h\" namespace \"a\" nogil:\n    \"\"\"\n    int none(int it's);\n    \"\"\"\n    ctypedef struct one:\n        int a\n    cdef struct two:\n        pass\n    enum: THREE\n    ctypedef enum four:\n        A, B = 2\n    int five(int a,\n             int b)\n    cdef cppclass six[T]:\n        void seven(T a) except +\n    ctypedef int (*eight)(void *a)\n    unsigned int nine\nx = 1\n",
        "5 struct one, 6 field a, 7 struct two, 10 enum four, 11 enum_member A, 11 enum_member B, 12 -function five, 14 class six, 15 -method seven, 16 type eight, 17 variable nine, 18 variable x",
    );
    check(
        "types and variables",
        "ctypedef fused number:\n    int\n    double\nctypedef unsigned int size\ncdef enum Color:\n    red\n    green = 2\ncdef union either:\n    int a\n    char* b\ncdef packed struct tight:\n    char c[10]\ncdef int d = f(1), e\ncdef object g = f(1)\ncdef:\n    int h\n    int i(): return 1\nDEF J = 2\nIF J:\n    k = 1\nELSE:\n    k = 2\n",
        "1 type number, 4 type size, 5 enum Color, 6 enum_member red, 7 enum_member green, 8 struct either, 9 field a, 10 field b, 11 struct tight, 12 field c, 13 variable d, 13 variable e, 14 variable g, 16 variable h, 17 function i, 18 constant J, 20 variable k, 22 variable k",
    );
}

#[test]
fn python_is_left_as_it_is() {
    check(
        "Python",
        "def one(a, *, b: int = 1, **c) -> int:\n    return {'cdef': a << 2, 'b': a & b, 'c': a < b > c}[\"\"\"\ncdef class None_:\n\"\"\"]\nclass Two(object):\n    x: int = 1\n    def three(self): pass\ncdefs = 1\n",
        "1 function one, 5 class Two, 6 field x, 7 method three, 8 variable cdefs",
    );
}
