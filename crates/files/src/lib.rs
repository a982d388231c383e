//! Finds the source files of a repository, fingerprints them and says what changed.
