//! The signals by name: one enum for files and definitions, with what each says.

macro_rules! signals {
    ($($variant:ident = $name:literal: $says:literal,)+) => {
        /// What can be known of a file or a definition. Values are mostly from 0 to 1; what is not known is 0.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Signal {
            $(#[doc = $says] $variant,)+
        }

        impl Signal {
            /// Every signal.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that weights, listings and JSON use.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it says, in a sentence.
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => $says,)+
                }
            }
        }
    };
}

signals! {
    // Words of the task.
    Content = "content": "BM25 of the task's words over the text of the file.",
    Path = "path": "The task's words in the path.",
    Scope = "scope": "The label before the task's title, as `tsdb/wal:`, fits the path.",
    Names = "names": "The task's words in the names that the file defines.",
    Signatures = "signatures": "The task's words in signatures.",
    Prose = "prose": "The task's words in comments and strings.",
    Body = "body": "The task's words in the body that fits best.",
    Defines = "defines": "The file defines a name that the task mentions.",
    Mentioned = "mentioned": "The task mentions the file.",
    Pointed = "pointed": "The task points into the file: a link, a line, a hunk of a diff, a frame of a trace.",
    PathSharp = "path_sharp": "The square of `path`.",
    BodySharp = "body_sharp": "The square of `body`.",
    BodyInFile = "body_in_file": "The task's words in the body, against the other bodies of the file.",
    Coverage = "coverage": "How many of the task's words the definition has.",
    Distinctive = "distinctive": "The rarest of the task's words that the definition has.",
    Name = "name": "The task's words in the name.",
    Qualified = "qualified": "The task's words in the name and those of the types around it.",
    Exact = "exact": "The task mentions the name as it is.",
    Around = "around": "The task points to a line of it, innermost frames first.",
    // The git log.
    Churn = "churn": "How often it changed of late.",
    ChurnLong = "churn_long": "How often it changed in the whole log that is read.",
    CoChange = "co_change": "How often it changed together with the chat files.",
    PastMessages = "past_messages": "The messages of its commits are like the task.",
    // The content.
    Size = "size": "The logarithm of the size.",
    NoLanguage = "no_language": "The file is in no language of ours.",
    NoDefinitions = "no_definitions": "The file defines nothing.",
    Lines = "lines": "The logarithm of the definition's lines.",
    // The path.
    Test = "test": "A test: by its path, its name or the module around it.",
    Example = "example": "In a file of examples.",
    Docs = "docs": "In documentation.",
    Vendored = "vendored": "Code of others that lies in the tree.",
    Generated = "generated": "A program wrote it, by its path or its own head, or made it small. What says so itself stands behind all hand-written files.",
    Config = "config": "Settings or data.",
    MainLanguage = "main_language": "How much of the source is in the file's language.",
    Interface = "interface": "In a file that declares what users of a package see: `.d.ts`, `.pyi`.",
    Namesake = "namesake": "The file is called like what it defines.",
    // What is defined.
    Type = "type": "A type.",
    Method = "method": "A method.",
    Constructor = "constructor": "A constructor.",
    Data = "data": "A constant, variable, field or the like.",
    Field = "field": "A field: data of a type.",
    Module = "module": "A module or namespace.",
    Declaration = "declaration": "A mere declaration of what is defined elsewhere.",
    SharedName = "shared_name": "The logarithm of how many times three files of source define the name.",
    Private = "private_name": "The name is private by the conventions of its language.",
    EntryPoint = "entry_point": "The program begins here.",
    Double = "double": "A better definition has the same name.",
    Local = "local": "Inside of a function.",
    File = "file": "The logarithm of the file's share, in tenths.",
    Siblings = "siblings": "The logarithm of how many definitions the file has.",
    PlaceInFile = "place_in_file": "The place among the file's definitions in a first order.",
    // References.
    Used = "used": "The logarithm of how many files use it.",
    UsedBySource = "used_by_source": "The logarithm of how many other source files use it.",
    UsedByTests = "used_by_tests": "The logarithm of how many tests, examples and documents of code use it.",
    Exported = "exported": "A file that stands for its folder hands the name on.",
    Documented = "documented": "The logarithm of how many documents name it as code.",
    Told = "told": "The logarithm of how many other files name it as code in their comments.",
    SeedPlace = "seed_place": "The place among all files by the words and the log.",
    SeedsInFolder = "seeds_in_folder": "What the words and the log find lies in the folder.",
    IndexOfSeeds = "index_of_seeds": "The same, for a file that stands for its folder.",
    UsedBySeeds = "used_by_seeds": "What the words and the log find uses it.",
    UsesSeeds = "uses_seeds": "It uses what the words and the log find.",
    ImportedBySeeds = "imported_by_seeds": "What the words and the log find imports it.",
    ImportsSeeds = "imports_seeds": "It imports what the words and the log find.",
    // Chat files.
    UsedByChat = "used_by_chat": "A chat file uses it.",
    UsesChat = "uses_chat": "It uses what a chat file defines.",
    NamedByChat = "named_by_chat": "A chat file names it, and nothing tells that it means another of the name.",
    FileUsedByChat = "file_used_by_chat": "The logarithm of how many names of its file a chat file uses.",
    LinkedToChat = "linked_to_chat": "References lead in two steps to a chat file, or from one.",
    ImportedByChat = "imported_by_chat": "A chat file imports it.",
    ImportsChat = "imports_chat": "It imports a chat file.",
    SameFolder = "same_folder": "In the folder of a chat file.",
    NearChat = "near_chat": "How much of the way from the root is common with a chat file.",
    SameStem = "same_stem": "Named like a chat file but for what marks a test.",
    SharedWords = "shared_words": "How many words its name has in common with a chat file's.",
    SameKind = "same_kind": "With the extension of a chat file.",
}

impl Signal {
    /// The signal of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|signal| signal.as_str() == name)
    }

    /// The signals of names, without those that none has.
    pub fn by_names(names: &[&str]) -> Vec<Self> {
        names.iter().filter_map(|name| Self::by_name(name)).collect()
    }
}
