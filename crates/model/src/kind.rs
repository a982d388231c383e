//! What a definition, a reference or a scope is. The codes are stored: never renumber, only append.

macro_rules! kinds {
    ($(#[$meta:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $code:literal $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $kind {
            $($(#[$doc])* $variant = $code),+
        }

        impl $kind {
            /// Every kind, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that queries, JSON and listings use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The kind that a word of a query names.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// The number that archives hold.
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The kind of an archived number; `None` when a later version wrote it.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// What a definition defines. A type in a broad sense is one of `Class`, `Struct`, `Interface`, `Enum`, `Type`.
    DefinitionKind {
        /// A function that belongs to no type.
        Function = 0 "function",
        /// A function of a class, a struct, an interface or an implementation.
        Method = 1 "method",
        /// What makes a value of its class.
        Constructor = 2 "constructor",
        /// A class.
        Class = 3 "class",
        /// A struct or record.
        Struct = 4 "struct",
        /// An interface, trait or protocol.
        Interface = 5 "interface",
        /// An enumeration.
        Enum = 6 "enum",
        /// One value of an enumeration.
        EnumMember = 7 "enum_member",
        /// A type alias, a union, a typedef.
        Type = 8 "type",
        /// A constant of a module or a type.
        Constant = 9 "constant",
        /// A variable of a module or a type; locals are never definitions.
        Variable = 10 "variable",
        /// A data member of a type.
        Field = 11 "field",
        /// A macro.
        Macro = 12 "macro",
        /// A module, namespace or package.
        Module = 13 "module",
        /// A member that reads like a field and runs like a method.
        Property = 14 "property",
    }
}

kinds! {
    /// How a name is used.
    ReferenceKind {
        /// Something is called or made.
        Call = 0 "call",
        /// A type is named: in an annotation, a parameter, a field, a cast.
        Type = 1 "type",
        /// A type is extended or implemented.
        Implementation = 2 "implementation",
        /// A name is brought in from another module.
        Import = 3 "import",
        /// A macro is used.
        Macro = 4 "macro",
        /// A name stands in prose: in a code span of documentation or of a comment. Once a name and file; no use of it.
        Mention = 5 "mention",
    }
}

kinds! {
    /// What holds definitions.
    ScopeKind {
        /// A class, struct, interface, enum: its header is the parent line of its members.
        Type = 0 "type",
        /// The implementation of a type's members apart from the type (`impl`, `extension`).
        Implementation = 1 "implementation",
        /// A function with definitions inside.
        Function = 2 "function",
        /// A module or namespace.
        Module = 3 "module",
        /// Anything else that spans lines: a condition, a preprocessor section, a call that holds functions.
        Block = 4 "block",
    }
}

impl DefinitionKind {
    /// Whether the definition names a type.
    pub const fn is_type(self) -> bool {
        matches!(self, Self::Class | Self::Struct | Self::Interface | Self::Enum | Self::Type)
    }

    /// Whether the definition can be called.
    pub const fn is_callable(self) -> bool {
        matches!(self, Self::Function | Self::Method | Self::Constructor | Self::Macro)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_name_their_kind() {
        for &kind in DefinitionKind::ALL {
            assert_eq!(DefinitionKind::from_code(kind.code()), Some(kind));
            assert_eq!(DefinitionKind::from_word(kind.as_str()), Some(kind));
        }
        for &kind in ReferenceKind::ALL {
            assert_eq!(ReferenceKind::from_code(kind.code()), Some(kind));
            assert_eq!(ReferenceKind::from_word(kind.as_str()), Some(kind));
        }
        for &kind in ScopeKind::ALL {
            assert_eq!(ScopeKind::from_code(kind.code()), Some(kind));
            assert_eq!(ScopeKind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(DefinitionKind::from_code(200), None);
    }
}
