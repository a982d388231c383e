//! Builds the reference graph of a repository, runs personalised PageRank on it and orders files and definitions.
