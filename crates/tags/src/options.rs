use repo_map_model::CancellationToken;

/// The limits of an extraction. All but the last are deterministic: none depends on time or on the machine.
///
/// The defaults are part of what [`Language::fingerprint`](crate::Language::fingerprint) stands for:
/// who keeps tags that were made with other limits keeps those limits with them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtractOptions {
    /// The largest file that is read, in bytes. 1 MiB.
    pub max_bytes: usize,
    /// The longest average line, in bytes: longer ones mean minified or generated text, unless they are a tenth of the lines of code or
    /// fewer, such as data in a file that somebody wrote. 500.
    pub max_average_line: usize,
    /// The most different indentations of lines where indentation has a meaning. 380: the scanner of Python
    /// saves two bytes for each and at most 257 others in a buffer of 1 024, and aborts when they do not fit.
    pub max_indentation: usize,
    /// The deepest nesting of brackets. 5 000.
    pub max_nesting: usize,
    /// The work of all passes that any file may cost, in progress calls (about 100 parser steps each). A kilobyte that the
    /// parser asks for stands for a call, and for four where it goes on behind it; so do, for one, ten allocations of it, a
    /// hundred steps of a pass, and what is known to cost time without any of these. 50 000: half a second.
    pub budget_base: u64,
    /// The further progress calls that each kilobyte of the file allows. 128. Sound files take 140 at most, mostly 30.
    pub budget_per_kilobyte: u64,
    /// Ends the extraction early: what it gives then says that the budget was exceeded, and is not to be kept. None.
    pub cancellation: Option<CancellationToken>,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            max_average_line: 500,
            max_indentation: 380,
            max_nesting: 5_000,
            budget_base: 50_000,
            budget_per_kilobyte: 128,
            cancellation: None,
        }
    }
}
