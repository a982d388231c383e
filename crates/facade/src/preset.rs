/// A set of weights for the ranking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// The default, fitted weights.
    #[default]
    Default,
    /// The order of aider's RepoMap 0.86, for callers that need it.
    Aider,
}

impl Preset {
    /// Every preset, by its word.
    pub const ALL: &[Self] = &[Self::Default, Self::Aider];

    /// The preset of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|preset| preset.as_str() == name)
    }

    /// The word that flags and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Aider => "aider",
        }
    }
}
