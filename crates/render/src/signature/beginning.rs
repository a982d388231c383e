//! What stands before a name that would lie beyond the end of the row.

use super::fold::Flat;
use super::groups::folded;
use super::lexeme::{Kind, plain};

/// What stands for words that were left out.
pub(super) const MARK: &str = "… ";

/// Makes room for a name: what brackets hold before it is left out, then the first words there, until what follows the name has a
/// third of the row. A beginning that leaves the name on the row stays as it is.
pub(super) fn shorten(flat: &mut Flat, most: usize) {
    let (before, rest) = flat.text.split_at(flat.name.start);
    let length = |text: &str| text.chars().count();
    let name = length(&flat.text[flat.name.clone()]);
    let after = length(rest) - name;
    // The mark that more follows, or that there are parameters.
    let least = after.min(3);
    if before.is_empty() || most == 0 || length(before) + name + least <= most {
        return;
    }
    let before = folded(before);
    let room = most.saturating_sub(name + least.max(after.min(most / 3)));
    let (start, mark) = if length(&before) <= room {
        (0, "")
    } else {
        let room = room.saturating_sub(length(MARK));
        let mut starts = words(&before);
        let start = starts.find(|start| length(&before[*start..]) <= room).unwrap_or(before.len());
        (start, if name + least + length(MARK) <= most { MARK } else { "" })
    };
    let text = [mark, &before[start..], rest].concat();
    let at = text.len() - rest.len();
    flat.name = at..at + flat.name.len();
    flat.text = text;
}

/// Where words begin that stand in no bracket.
fn words(text: &str) -> impl Iterator<Item = usize> {
    let (mut depth, mut is_apart) = (0, false);
    plain(text, 0).filter_map(move |part| {
        let begins = is_apart && depth == 0;
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        is_apart = part.kind == Kind::Blank;
        begins.then_some(part.start)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fold::named;
    use super::super::shorten::shorten;

    fn check(text: &str, name: &str, most: usize, expected: &str) {
        let mut flat = named(text, name);
        shorten(&mut flat, most);
        assert_eq!((flat.text.as_str(), &flat.text[flat.name.clone()]), (expected, name));
    }

    /// The row was what stands before the name, and not the name.
    #[test]
    fn a_name_beyond_the_end_of_a_row_is_on_the_row() {
        let text = "public static CompletableFuture<Map<String, List<Integer>>> computeAll(String key)";
        check(text, "computeAll", 90, text);
        check(
            text,
            "computeAll",
            73,
            "public static CompletableFuture<Map<String, List<Integer>>> computeAll(…)",
        );
        check(text, "computeAll", 60, "public static CompletableFuture<…> computeAll(String key)");
        check(text, "computeAll", 51, "… CompletableFuture<…> computeAll(String key)");
        check(text, "computeAll", 30, "… computeAll(String key)");
        check(text, "computeAll", 16, "… computeAll(…)");
        check(text, "computeAll", 14, "computeAll(…)");
        check(
            "static inline struct very_long_name_of_a_structure *get_it(struct a *a)",
            "get_it",
            45,
            "… *get_it(struct a *a)",
        );
        check("void Namespace::Class<T>::method(int a) const", "method", 26, "… method(int a) const");
    }
}
