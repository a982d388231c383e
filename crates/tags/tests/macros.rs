//! The risk: macros that stand among declarations, and calls of macros around them, hide what is declared or become definitions.
#![cfg(feature = "core")]

use repo_map_tags::{Language, Outcome, extract};

/// Every definition and declaration as `kind name`, in order.
fn defined(language: &str, source: &str) -> Vec<String> {
    let read = extract(Language::by_id(language).expect("it is in this build"), source.as_bytes());
    let tags = read.tags;
    let print = |definition: &repo_map_model::Definition| {
        format!("{} {}", definition.kind.as_str(), tags.name(definition.name))
    };
    tags.definitions().iter().map(print).collect()
}

fn check(language: &str, source: &str, expected: &[&str]) {
    assert_eq!(defined(language, source), expected, "{language}: {source}");
}

/// The same, and nothing in it that does not fit the grammar.
fn check_whole(language: &str, source: &str, expected: &[&str]) {
    check(language, source, expected);
    let read = extract(Language::by_id(language).expect("it is in this build"), source.as_bytes());
    assert_eq!(read.outcome, Outcome::Complete, "{language}: {source}");
}

#[test]
fn attributes_behind_prototypes_hide_none() {
    for (source, expected) in [
        ("extern int shut (int how) SYS_THROW SYS_NONNULL ((1));", "function shut"),
        ("NET_API void say(const char *text, ...) NET_PRINTF(1, 2);", "function say"),
        ("extern NET_FORMAT(2, 3) int put(char *to, const char *text, ...);", "function put"),
        ("extern size_t take (void *to, size_t many)\n    __access_checked__ ((2)) __wur;", "function take"),
        ("void *CALLTYPE make(void);", "function make"),
        ("typedef int (CALLTYPE *hook)(int);", "type hook"),
        ("HANDLE open_it(LONG flags);", "function open_it"),
        ("int SHOUT(int a) SYS_THROW;", "function SHOUT"),
        ("static inline __u16 low(int a) { return a; }", "function low"),
        ("BOOL\nis_it (int a)\n{\n  return a;\n}", "function is_it"),
        ("#define A 1 /* of\n two lines */\nstatic __u8 last(int a);", "macro A|function last"),
    ] {
        check("c", source, &expected.split('|').collect::<Vec<_>>());
    }
    check(
        "c",
        "struct pair { int one; int TWO; } SYS_PACKED three;",
        &["struct pair", "field one", "field TWO", "variable three"],
    );
    check("c", "struct two {\n  SYS_PLACE(void *, one);\n  int last;\n};", &["struct two", "field last"]);
    check("c", "extern int count SYS_GUARDED;\nextern FILE *OUT;", &["variable count", "variable OUT"]);
}

/// No type of the language is a name, so what stands before one is a macro however it is written, and what follows it a name.
#[test]
fn words_that_are_not_written_as_macros_do_not_take_the_place_of_names() {
    for (source, expected) in [
        ("static noinline void __under(struct pair *one) { }", "function __under"),
        ("asmlinkage void __init __copy(void) { }", "function __copy"),
        ("asmlinkage __visible int __called(int a);", "function __called"),
        ("static noinline_for_stack\nstruct pair *build(int a) { return 0; }", "function build"),
        ("linkage struct pair *__current;", "variable __current"),
        ("extern notrace unsigned long __got(void);", "function __got"),
        ("noinline size_t __sized(void);", "function __sized"),
        ("static notrace always u32 __last(void) { return 0; }", "function __last"),
        ("kernel void run(device float *a) { }", "function run"),
        ("size_t held __aligned(8);", "variable held"),
        ("static size_t count __read_mostly;", "variable count"),
        ("begin_with(start)\nstatic int after(void) { return 0; }", "function after"),
    ] {
        check("c", source, &[expected]);
        check("cpp", source, &[expected]);
    }
    check("cpp", "const size_t Queue::longest;", &["variable longest"]);
    check("cpp", "template<typename T>\nconstexpr T held<T>::value;", &["variable value"]);
    check(
        "cpp",
        "struct A { operator bool() const; API_X ref_t get(); };",
        &["struct A", "method operator bool", "method get"],
    );
}

#[test]
fn a_name_in_parentheses_is_the_name_whatever_stands_around_it() {
    for (source, expected) in [
        (
            "typedef int __attribute__((nonnull(2,3))) (*order_of)(void *, const struct pair *);",
            "type order_of",
        ),
        ("MODULE_API int (*Module_Info)(void *of, long id) MODULE_ATTR;", "variable Module_Info"),
        ("MODULE_API Text * (*Module_Name)(Context *of) MODULE_ATTR;", "variable Module_Name"),
        ("LIB_API int  (lib_type) (State *of, int at);", "function lib_type"),
        ("LIB_API const char *(lib_name) (State *of);", "function lib_name"),
        ("extern LIB_EXPORT void (*hook)();", "variable hook"),
        ("int (*plain)(int);", "variable plain"),
        ("int CALLTYPE (*odd)(int);", "variable odd"),
        ("typedef result (CALLTYPE* called_back)(handle env,\n  info of);", "type called_back"),
    ] {
        check("c", source, &[expected]);
    }
    check(
        "c",
        "union table {\n  status_t (__api *first)(u64, const event *, u64);\n  void *last;\n};",
        &["type table", "field first", "field last"],
    );
}

/// The parser gives up in the middle of such a body, and took a word of it for the name.
#[test]
fn a_macro_has_the_name_behind_its_define() {
    let source = "#define to_address(ptr) \\\n({ \\\n\t/* extended */ \\\n\tlong offset = (long)*(ptr); \\\n\toffset; \\\n})\nint after(void) { return 0; }\n";
    check("c", source, &["macro to_address", "function after"]);
}

/// The grammar ends the line at the comment, and at what looks like one in a string.
#[test]
fn a_comment_within_what_a_macro_stands_for_hides_none() {
    let source = "\
#define SIZE ((8 << 10) + 512 /* scratch */)
#define FETCH(p) fetch((p), 0 /* read */, 3 /* here */)
#define in_mark  \"/*in*\\\\\"
#define out_mark \"/*out*\\\\\"
#define LAST 3 /* behind */
#define SPAN(a) ((a) /* goes
 on */ + 1)
#define STEPS(a) do { \\
  /* first */ \\
  if (a) { /* second */ \\
    b(); } } while (0) // end
#define OPEN \"
static int f(void) { return 0; }
";
    let expected = [
        "macro SIZE",
        "macro FETCH",
        "macro in_mark",
        "macro out_mark",
        "macro LAST",
        "macro SPAN",
        "macro STEPS",
        "macro OPEN",
        "function f",
    ];
    check("c", source, &expected);
    check("cpp", source, &expected);
}

#[test]
fn calls_of_macros_in_a_namespace_hide_nothing_of_it() {
    check(
        "cpp",
        "namespace one { namespace two {\n  MAKE_TRAIT( lt, < )\n  MAKE_TRAIT( le, <= )\n} }\nint last;",
        &["module one", "module two", "variable last"],
    );
    check(
        "cpp",
        "namespace one {\nBY_DEFAULT(void, );\nBY_DEFAULT(unsigned char, '\\0');\nclass A { static void set(T x); };\nCALLED(x)\nstruct B { int b; };\nLICENSE(\"GPL\");\n}",
        &["module one", "class A", "method set", "struct B", "field b"],
    );
    check("c", "#include <a.h>\nint first;\nMADE(void, )", &["variable first"]);
}

#[test]
fn parameters_that_are_conditions_or_have_no_name_are_passed_over() {
    for (source, expected) in [
        ("template <class T, ENABLE_IF(N <= 3)> constexpr void f(const T& t) {}", "function f"),
        ("template <ENABLE_IF(N > 3)> void f();", "function f"),
        ("template <typename U> void f(std::enable_if_t<!D, U>* = nullptr) { }", "function f"),
        ("template <typename U> void f(T* = nullptr, int = 0) { }", "function f"),
        ("void f(int a = 1, const A& = A(1, 2), B&& = {});", "function f"),
        ("void __stdcall f();", "function f"),
        ("extern \"C\" __declspec(dllimport) int __stdcall f();", "function f"),
        ("template <class T = int> void f(T x = T(1)) {}", "function f"),
    ] {
        check("cpp", source, &[expected]);
    }
}

#[test]
fn a_statement_that_a_condition_cuts_in_two_is_no_function() {
    let source = "\
int f(int e) {
\tif (e > 1) {
#ifdef A
\t\tg();
\t\t}
\telse {
#endif
\tif (e == 2)
\t\treturn 1;
\t}
#ifdef B
\telse if (e >= -T_max) {
#else
\telse if (e >= -T) {
#endif
\t\tg();
\t\t}
\twhile (e) { e--; }
\treturn 0;
}
int after(void) { return 1; }
";
    for language in ["c", "cpp"] {
        let found = defined(language, source);
        let is_statement = |of: &&String| {
            ["if", "else", "while", "return"].iter().any(|word| of.ends_with(&format!(" {word}")))
        };
        assert_eq!(found.iter().find(is_statement), None, "{language}: {found:?}");
        assert!(found.contains(&"function after".to_owned()), "{language}: {found:?}");
    }
    assert_eq!(defined("c", "#define if(x) if (likely(x))\n"), ["macro if"]);
}

#[test]
fn a_word_before_the_name_of_a_type_is_not_the_type() {
    check(
        "cpp",
        "namespace a {\nclass A_API Door : public base::Part {\npublic:\n  explicit Door(int a);\n  A_API ~Door();\n  int width() const;\n};\n}",
        &["module a", "class Door", "constructor Door", "method ~Door", "method width"],
    );
    check(
        "cpp",
        "struct A_API A_OLD(\"use it\") Pane final {\n  int size A_GUARDED(lock);\n};\nenum class A_API Side { Left };\nclass A_API Later;\nint after();",
        &["struct Pane", "field size", "enum Side", "enum_member Left", "function after"],
    );
    check(
        "cpp",
        "class Plain : public HOST<KEY> { KEY key() const; KEY LAST; };",
        &["class Plain", "method key", "field LAST"],
    );
}

#[test]
fn macros_among_members_are_none() {
    check(
        "cpp",
        "class Wheel : public Part {\n  X_OBJECT\n  X_PROPERTY(int size READ size)\npublic:\n  Wheel();\n  X_CALLED void turn(int by);\npublic X_SLOTS:\n  void stop();\nsignals:\n  void turned();\nprivate:\n  X_NO_COPY(Wheel)\n  X_PRIVATE(Wheel)\n};\nvoid after();",
        &[
            "class Wheel",
            "constructor Wheel",
            "method turn",
            "method stop",
            "method turned",
            "function after",
        ],
    );
}

#[test]
fn a_type_that_is_named_as_macros_are_has_its_constructors() {
    for name in ["URL", "AABB", "SHA1", "JSON", "__tree"] {
        let source = "class NAME {\npublic:\n  NAME();\n  NAME(int a) : port(a) {}\n  explicit NAME(const NAME& b);\n  int port;\n};\n";
        let expected =
            ["class NAME", "constructor NAME", "constructor NAME", "constructor NAME", "field port"];
        let expected = expected.map(|text| text.replace("NAME", name));
        check("cpp", &source.replace("NAME", name), &expected.each_ref().map(String::as_str));
    }
}

#[test]
fn conditions_among_members_that_are_macros_stay_whole() {
    for members in [
        "  X_OBJECT\n#ifdef X_BUS\n  X_CLASSINFO(\"a\", \"b\");\n#endif\n",
        "#ifdef X_BUS\n  X_OBJECT\n#endif\n  X_CLASSINFO(\"a\", \"b\")\n",
        "#ifdef X_BUS\n  X_OBJECT\n#else\n  X_GADGET\n#endif\n  X_CLASSINFO(\"a\", \"b\");\n",
    ] {
        let source =
            format!("class Wheel : public Part {{\n{members}public:\n  void turn();\n}};\nvoid after();");
        check_whole("cpp", &source, &["class Wheel", "method turn", "function after"]);
    }
}

#[test]
fn bit_fields_without_a_name_are_no_labels() {
    check_whole("c", "struct s { __u32 a; __u32 : 8; __u32 b; };", &["struct s", "field a", "field b"]);
    check_whole(
        "cpp",
        "struct s { unsigned int a : 2; const unsigned long : 3; u32 : PAD; u32 b : PAD; int : 0; };\nint c;",
        &["struct s", "field a", "field b", "variable c"],
    );
    for language in ["c", "cpp"] {
        let made = "struct s { unsigned PRE(a) : 1; int b; unsigned PRE (c) : 2; int d : 3; };";
        check_whole(language, made, &["struct s", "field b", "field d"]);
    }
    check_whole("c", "struct s { WORD : /* kept */\n 0; WORD b : 3; };", &["struct s", "field b"]);
}

#[test]
fn only_the_prefixes_of_raw_strings_make_them_raw() {
    for source in [
        "void a(void) { printf(\"%\" PRIuPTR\"\\n(\", x); }\nint after(int b) SYS_THROW SYS_NONNULL ((1));",
        "static const char *a = FOR\"(\";\nint after(int b) SYS_THROW SYS_NONNULL ((1));",
    ] {
        let found = defined("c", source);
        assert_eq!(found.last().map(String::as_str), Some("function after"), "{source}: {found:?}");
    }
    for prefix in ["R", "LR", "uR", "UR", "u8R"] {
        let source = format!(
            "auto a = {prefix}\"x(\n\" {{ ( )\" )x\";\nint after(int b) SYS_THROW SYS_NONNULL ((1));"
        );
        check_whole("cpp", &source, &["variable a", "function after"]);
    }
    for raw in ["r\"\\\"", "br\"\\\"", "cr#\"\\\" } \"#", "r##\"\"# } \\\"##"] {
        let source = format!("cfg_a! {{\n    const A: T = {raw};\n    fn inner() {{}}\n}}\nfn after() {{}}");
        check_whole("rust", &source, &["constant A", "function inner", "function after"]);
    }
    let named = "cfg_a! {\n    const A: T = bar!(var\"\\\" } \");\n    fn inner() {}\n}\n";
    check_whole("rust", named, &["constant A", "function inner"]);
}

#[test]
fn a_constant_whose_name_begins_as_a_word_does_is_a_constant() {
    check(
        "rust",
        "cfg_a! {\n    const fn_table: T = a();\n    const fn made() {}\n    const unsafe extern \"C\" fn other() {}\n}",
        &["constant fn_table", "function made", "function other"],
    );
}

#[test]
fn a_launch_of_a_kernel_is_a_call_of_it() {
    let source = "__global__ void add(int n, float *x) { x[n] = 1; }\n__device__ __forceinline__ float half(float v) { return v / 2; }\ntemplate <typename T>\n__global__ __launch_bounds__(256) void fill(T *p) { }\nvoid go(int n, float *x) {\n  add<<<(n + 255) / 256, 256>>>(n, x);\n  fill<float> <<< 1, 2 >>> (x);\n  int a = 1 <<< 2;\n}\n";
    check("cpp", source, &["function add", "function half", "function fill", "function go"]);
    let read = extract(Language::by_id("cpp").unwrap(), source.as_bytes());
    let calls: Vec<_> = read.tags.references().iter().map(|call| read.tags.name(call.name)).collect();
    assert!(calls.contains(&"add") && calls.contains(&"fill"), "{calls:?}");
}

#[test]
fn branches_that_each_open_a_brace_hold_nothing_of_what_follows() {
    for language in ["c", "cpp"] {
        check(
            language,
            "#ifdef WIDE\nint first(long a)\n{\n#else\nint first(int a)\n{\n#endif\n  return a;\n}\nint second(void) { return 1; }\n",
            &["function first", "function second"],
        );
    }
    if Language::by_id("c_sharp").is_some() {
        check(
            "c_sharp",
            "class Door {\n#if NET\n  public void Open(int a) {\n#endif\n#if !NET\n  public void Open(string a) {\n#endif\n    Go();\n  }\n  void Shut() {}\n}",
            &["class Door", "method Open", "method Shut"],
        );
        check(
            "c_sharp",
            "class Door {\n#if NEW\n  void Open(int a) {\n#else\n  void Open() {\n#endif\n    Go();\n  }\n  [Old]\n#if TRACE\n  [Traced]\n#endif\n  int Wide { get; set; }\n}\nclass Pane { }\n",
            &["class Door", "method Open", "property Wide", "class Pane"],
        );
    }
}

#[test]
fn items_inside_of_calls_are_items_and_nothing_else_is() {
    check(
        "rust",
        "cfg_old! {\n    pub struct Door { wide: u8 }\n    impl Door {\n        pub fn open(&self) -> u8 { 1 }\n    }\n}\nfn after() {}",
        &["struct Door", "field wide", "method open", "function after"],
    );
    check(
        "rust",
        "cfg_if::cfg_if! {\n    if #[cfg(a)] {\n        fn one() {}\n    } else if #[cfg(b)] {\n        fn two() {}\n    } else {\n        mod three;\n    }\n}",
        &["function one", "function two", "module three"],
    );
    check(
        "rust",
        "impl A {\n    cfg_b! {\n        /// Goes.\n        pub(crate) async fn go(&mut self) { a! { b => c } }\n    }\n}",
        &["method go"],
    );
    check(
        "rust",
        "thread_local! {\n    static COUNT: u8 = const { 1 };\n}\nlazy_static! {\n    pub static ref TABLE: Vec<u8> = make();\n}",
        &["variable COUNT", "variable TABLE"],
    );
    check(
        "rust",
        "bitflags! {\n    #[derive(Debug)]\n    pub struct Bits: u32 {\n        const A = 0b01;\n        const B = Self::A.bits() << 1;\n    }\n}\nfn after() {}",
        &["struct Bits", "constant A", "constant B", "function after"],
    );
    check(
        "rust",
        "bitflags! {\n    impl Bits: u32 {\n        const A = 1;\n        const B = Self::A.bits();\n    }\n    impl Show for Bits { fn show(&self) {} }\n}",
        &["constant A", "constant B", "method show"],
    );
    for nothing in [
        "fn f() -> T { quote! { pub fn made() {} } }",
        "rules! { (a) => { fn made() {} } }",
        "made! { struct $name { } }",
        "made! { fn half( }",
        "made! { x + 1; fn made() {} }",
    ] {
        assert!(
            !defined("rust", nothing).iter().any(|name| name.contains("made") || name.contains("half")),
            "{nothing}"
        );
    }
}

#[test]
fn prototypes_for_compilers_without_them_are_prototypes() {
    for (source, expected) in [
        ("LIB_EXTERN int LIB_EXPORT ended OF((stream_p stream));", "function ended"),
        ("extern char *name __P((int, char *));", "function name"),
        ("void none PARAMS ((void));", "function none"),
        ("int size SYS_CHECKED((int));", "variable size"),
        ("extern int __REDIRECT (f, (const char *a, ...), g)\n /* __attribute__ ((a)) */;", "function f"),
        ("extern struct b *__REDIRECT_NTH (read, (D *d), read64) __nonnull ((1));", "function read"),
        ("extern double MADE(f, (int (*a)(int)));", "function f"),
        ("int MADE(f, a);", "function MADE"),
        ("extern __pid_t __getpgid (__pid_t __pid) __THROW;", "function __getpgid"),
    ] {
        check("c", source, &[expected]);
    }
}

#[test]
fn declarations_of_modules_hide_none_and_are_none() {
    check_whole(
        "cpp",
        "module;\n#include <a>\nexport module a.b:part;\nimport std;\nexport import c;\nimport <d>;\nexport int f();\nexport namespace n { class A {}; }\nexport {\n  int g() { return 1; }\n  namespace m { export int h(); }\n}\nexport template<typename T> struct S { T t; };\nmodule :private;\nint last() { return 2; }",
        &[
            "function f",
            "module n",
            "class A",
            "function g",
            "module m",
            "function h",
            "struct S",
            "field t",
            "function last",
        ],
    );
    check_whole("cpp", "// A unit.\nmodule a.b;\nint f() { return 1; }", &["function f"]);
    check(
        "c",
        "int a;\nmodule core_module;\nmodule *next;",
        &["variable a", "variable core_module", "variable next"],
    );
}

#[test]
fn macros_in_enumerations_are_no_members() {
    let source = "enum class Kind : int { One UMETA(Name=\"1\"), Two OLD, Three = 3, Four };\nint last;";
    check_whole(
        "cpp",
        source,
        &[
            "enum Kind",
            "enum_member One",
            "enum_member Two",
            "enum_member Three",
            "enum_member Four",
            "variable last",
        ],
    );
    for language in ["c", "cpp"] {
        let lines = "enum kind {\n  A = 1,\n#define A A\n  B,\t/* b */\n# define B \\\n  B\n#ifdef C\n  C,\n# undef C\n#endif\n  D\n#define D D\n};";
        let members = ["enum kind", "enum_member A", "enum_member B", "enum_member C", "enum_member D"];
        check_whole(language, lines, &members);
    }
    check("c", "typedef struct SYS_ALIGN(16) { int one; } pair;", &["field one", "struct pair"]);
}
