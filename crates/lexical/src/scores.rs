use repo_map_model::RepoPath;

use crate::text::Origin;

/// What the words of a task say of a repository: each signal apart, to be weighted by whoever ranks.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Scores {
    /// Files with any hit, best first by a plain sum of their signals, then by path.
    pub files: Vec<FileScore>,
    /// How much of the task's words these files know.
    pub known: Known,
    /// The [places](crate::Query::places) of the task that lie in files of the tree, in its order.
    pub pointed: Vec<PointedPlace>,
}

/// A place that a task points to, in the tree.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PointedPlace {
    /// The file.
    pub path: RepoPath,
    /// The first and the last line, counted from 1 as the task does: those of another version of the file, perhaps.
    pub lines: Option<(u32, u32)>,
    /// Names that stand beside the place and may be the definition around it.
    pub names: Vec<String>,
    /// What points to it.
    pub origin: Origin,
    /// What it counts for what is defined there: from 0 to 1, the innermost frame of a trace most.
    pub share: f32,
}

/// How much of the words of a task a tree knows: shares of their IDF, where a word that no file holds is as rare as can be. 0 without words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Known {
    /// Of the words that the best file holds.
    pub in_one: f32,
    /// Of those that the best path holds.
    pub in_path: f32,
    /// IDF of all words together, in units of a word that no file holds.
    pub weight: f32,
}

/// One file's part in the scores.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FileScore {
    /// The file.
    pub path: RepoPath,
    /// The words of its content, whether they hit or not.
    pub length: u32,
    /// What was found in it.
    pub signals: FileSignals,
    /// Its definitions with any hit in source order; none for files past the candidates.
    pub definitions: Vec<DefinitionScore>,
}

/// One definition's part in the scores.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DefinitionScore {
    /// The index in [`FileTags::definitions`](repo_map_model::FileTags::definitions).
    pub definition: u32,
    /// What was found in it.
    pub signals: DefinitionSignals,
}

macro_rules! signals {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $signal:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* pub $signal: f32),+
        }

        impl $name {
            /// The names of the signals, in the order of [`values`](Self::values).
            pub const NAMES: &[&str] = &[$(stringify!($signal)),+];

            /// The signals in one row.
            pub const fn values(&self) -> [f32; Self::NAMES.len()] {
                [$(self.$signal),+]
            }
        }
    };
}

signals! {
    /// What a task's words say of a file. Each is from 0 to 1; those of BM25 are divided by the best file's.
    FileSignals {
        /// BM25 of the whole text.
        content,
        /// BM25 of the path's words.
        path,
        /// IDF of a place's words that are in the path, of all its words that are in any path: the best place of the title's
        /// [scope](crate::Query::scope).
        scope,
        /// BM25 of the names of definitions.
        names,
        /// BM25 of the signatures of definitions.
        signatures,
        /// BM25 of the comments.
        prose,
        /// BM25 of its best definition body.
        body,
        /// It defines names that the task writes: shared among all files that define them, code above plain words.
        defines,
        /// The task names it by path, file name, module or stem: shared among all files that it may mean.
        mentioned,
        /// The task points into it: by a link, a path with a line, a hunk of a diff, or a frame of a trace, of which the innermost in the
        /// tree counts most.
        pointed,
    }
}

signals! {
    /// What a task's words say of a definition. Each is from 0 to 1.
    DefinitionSignals {
        /// BM25 of the body, divided by the best body's of all.
        body,
        /// The same, divided by the best body's of the file.
        body_in_file,
        /// IDF of the task's words that occur in the body at all, divided by the best of all.
        coverage,
        /// BM25 of the body where a word counts the more the fewer bodies of the file hold it, divided by the best of all.
        distinctive,
        /// IDF of the task's words in its name, for the name's length, divided by the best of all.
        name,
        /// The same for its name and the name of the type around it.
        qualified,
        /// The task writes its very name: shared among the files that define it, code above plain words.
        exact,
    }
}
