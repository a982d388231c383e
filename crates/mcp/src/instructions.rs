//! What a model is told of the server before it sees any tool. Clients cut it at 2,048 characters.

/// The text of `initialize` and of `server/discover`.
pub(crate) const INSTRUCTIONS: &str = "\
repo-map knows this repository: which files and definitions matter for a task, ranked from its code, its references and its git log.

Call `repo_map` first, with the user's request in its own words as `task`, before you search with grep or list folders: it names the \
files and definitions that the change most likely touches, best first. Name files that you have read already in `chat_files`, and \
names that the conversation speaks of in `mentioned`. Call it again when the task changes.

Reading a map: a line that ends in `:` is a file; lines that begin with `│` are its definitions, as they stand in the source. \
It is no complete listing: the last line says what the budget left out.

`token_budget` bounds the whole reply, in tokens. 1,000 to 2,000 find the place; 4,000 to 8,000 give an overview of a large tree.

`partial: true` means that the tree is still being read; the same call a few seconds later is complete. `confidence` is the chance \
that a file to be edited is among the first ten: below 0.15 the words of the task are not of this code, so say the task differently or search.

All tools only read. Paths are relative to the root.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_client_cuts_the_instructions() {
        assert!(INSTRUCTIONS.chars().count() <= 2_000, "{}", INSTRUCTIONS.chars().count());
    }
}
