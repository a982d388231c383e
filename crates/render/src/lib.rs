//! Fits the best definitions of a repository into a token budget and prints them in context.
