//! The risk: macros that stand among declarations, and calls of macros around them, hide what is declared or become definitions.
#![cfg(feature = "core")]

use repo_map_tags::{Language, extract};

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
