//! Elements of markup that are open at once.
//!
//! A scanner restores its list of open elements each time it is asked, and all beyond what fits into its state one by one, within
//! a step of the parser: 50,000 elements within each other take six seconds, and fewer as long where errors stand
//! between them. So the list is kept here as the scanner keeps it, before the parse.

mod html;
mod xml;

/// So many elements that are restored cost as much as a progress call.
const ELEMENTS_A_CALL: u64 = 250;

/// What says when an element ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OpenElements {
    Html,
    Xml,
}

impl OpenElements {
    /// What the scanner will restore, in progress calls.
    pub(crate) fn work_to_restore(self, source: &[u8]) -> u64 {
        let restored: u64 = match self {
            Self::Html => html::restored(source),
            Self::Xml => xml::restored(source),
        };
        restored / ELEMENTS_A_CALL
    }
}
