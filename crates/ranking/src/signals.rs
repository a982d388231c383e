use repo_map_model::DefinitionKind;

use crate::PathClass;

/// One named reason of a score. A score is the product of the signals of its file or definition; a further reason is a
/// variant here and a factor in [`ScoreFactors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// The random walk over references: the share of time that it spends in a file, or that passes through a
    /// definition's name into its file.
    References,
    /// What the file's path says that it is: source, test, vendored, …; a test that stands among source counts as one of a test file.
    PathClass,
    /// What kind of thing is defined.
    Kind,
    /// A definition, or a mere declaration of one.
    Declaration,
}

/// What scores are multiplied by, beside [`Signal::References`]. Finite and not negative.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScoreFactors {
    /// Tests, in [`Signal::PathClass`].
    pub test: f64,
    /// Code of others that lies in the tree, in [`Signal::PathClass`].
    pub vendored: f64,
    /// What a program wrote, in [`Signal::PathClass`].
    pub generated: f64,
    /// Examples, samples, demos, benchmarks, in [`Signal::PathClass`].
    pub example: f64,
    /// Documentation, in [`Signal::PathClass`].
    pub docs: f64,
    /// Settings and data, in [`Signal::PathClass`].
    pub config: f64,
    /// Constructors: the line of their class says it already. Of [`Signal::Kind`], where functions, methods and types count 1.
    pub constructor: f64,
    /// Macros, in [`Signal::Kind`].
    pub macros: f64,
    /// Properties, in [`Signal::Kind`].
    pub property: f64,
    /// Constants, in [`Signal::Kind`].
    pub constant: f64,
    /// Variables, in [`Signal::Kind`].
    pub variable: f64,
    /// Fields, in [`Signal::Kind`].
    pub field: f64,
    /// Members of enumerations, in [`Signal::Kind`].
    pub enum_member: f64,
    /// Modules and namespaces, in [`Signal::Kind`].
    pub module: f64,
    /// Prototypes and forward declarations, in [`Signal::Declaration`].
    pub declaration: f64,
}

impl Signal {
    /// The word that listings and JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::References => "references",
            Self::PathClass => "path_class",
            Self::Kind => "kind",
            Self::Declaration => "declaration",
        }
    }
}

impl ScoreFactors {
    /// All 1: the random walk alone.
    pub fn none() -> Self {
        Self {
            test: 1.0,
            vendored: 1.0,
            generated: 1.0,
            example: 1.0,
            docs: 1.0,
            config: 1.0,
            constructor: 1.0,
            macros: 1.0,
            property: 1.0,
            constant: 1.0,
            variable: 1.0,
            field: 1.0,
            enum_member: 1.0,
            module: 1.0,
            declaration: 1.0,
        }
    }

    /// The factor of a file.
    pub fn path_class(&self, class: PathClass) -> f64 {
        match class {
            PathClass::Source => 1.0,
            PathClass::Test => self.test,
            PathClass::Vendored => self.vendored,
            PathClass::Generated => self.generated,
            PathClass::Example => self.example,
            PathClass::Docs => self.docs,
            PathClass::Config => self.config,
        }
    }

    /// The factor of a kind of definition.
    pub fn kind(&self, kind: DefinitionKind) -> f64 {
        match kind {
            DefinitionKind::Constructor => self.constructor,
            DefinitionKind::Macro => self.macros,
            DefinitionKind::Property => self.property,
            DefinitionKind::Constant => self.constant,
            DefinitionKind::Variable => self.variable,
            DefinitionKind::Field => self.field,
            DefinitionKind::EnumMember => self.enum_member,
            DefinitionKind::Module => self.module,
            _ => 1.0,
        }
    }

    /// What a definition's share of the walk is multiplied by, signal by signal.
    pub(crate) fn of_definition(
        &self,
        class: PathClass,
        kind: DefinitionKind,
        declaration: bool,
    ) -> [(Signal, f64); 3] {
        [
            (Signal::PathClass, self.path_class(class)),
            (Signal::Kind, self.kind(kind)),
            (Signal::Declaration, if declaration { self.declaration } else { 1.0 }),
        ]
    }

    /// No definition is multiplied by more than this.
    pub(crate) fn largest(&self) -> f64 {
        let class = PathClass::ALL.iter().map(|&class| self.path_class(class)).fold(0.0, f64::max);
        let kind = DefinitionKind::ALL.iter().map(|&kind| self.kind(kind)).fold(0.0, f64::max);
        class * kind * self.declaration.max(1.0)
    }
}

impl Default for ScoreFactors {
    /// Set by hand, to be replaced by fitted values: what is not the project's own running code counts a tenth to a
    /// fifth, data less than half of functions and types, a declaration a third of its definition.
    fn default() -> Self {
        Self {
            test: 0.1,
            vendored: 0.1,
            generated: 0.1,
            example: 0.15,
            docs: 0.2,
            config: 1.0,
            constructor: 0.4,
            macros: 0.7,
            property: 0.6,
            constant: 0.4,
            variable: 0.3,
            field: 0.3,
            enum_member: 0.2,
            module: 0.3,
            declaration: 0.3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_product_exceeds_the_largest() {
        let factors = ScoreFactors { docs: 3.0, field: 2.0, ..ScoreFactors::default() };
        for &class in PathClass::ALL {
            for &kind in DefinitionKind::ALL {
                for declaration in [false, true] {
                    let product: f64 = factors
                        .of_definition(class, kind, declaration)
                        .iter()
                        .map(|(_, factor)| factor)
                        .product();
                    assert!(product <= factors.largest());
                }
            }
        }
    }
}
