//! Texts of weights, section by section.

use std::collections::BTreeMap;

/// The texts of sections by their names.
pub type Sections = BTreeMap<String, String>;

/// The text of the built-in weights.
pub const BUILT_IN: &str = include_str!("../../../crates/ranking/weights.toml");

/// A text of weights with these sections in place of its own of the same names, new ones after them; remarks stay.
pub fn with_sections(text: &str, sections: &Sections) -> String {
    let mut new = String::new();
    let mut left = sections.clone();
    let mut replaced = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let section = left.remove(name);
            new += section.as_deref().unwrap_or_default();
            replaced = section.is_some();
        }
        if !replaced {
            new = new + line + "\n";
        }
    }
    let rest: String = left.into_values().collect();
    format!("{}\n\n{rest}", new.trim_end()).trim_end().to_owned() + "\n"
}

/// The text of one section.
pub(super) fn section(name: &str, signals: &[&str], weights: &[f64]) -> String {
    let mut text = format!("[{name}]\n");
    for (signal, weight) in signals.iter().zip(weights).filter(|(_, weight)| weight.abs() >= 0.000_5) {
        text += &format!("{signal} = {weight:.3}\n");
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_sections_take_the_place_of_those_of_their_name() {
        let text =
            "# Remarks.\n\n[packing]\nfiles = 1\n\n[task files]\nsize = 1\ntest = -4\n\n[places]\nbody = 2\n";
        let section = |name: &str| (name.to_owned(), super::section(name, &["size", "test"], &[2.5, 0.0]));
        let sections = Sections::from([section("task files"), section("chat files")]);
        let expected = "# Remarks.\n\n[packing]\nfiles = 1\n\n[task files]\nsize = 2.500\n\n[places]\nbody = 2\n\n[chat files]\nsize = 2.500\n";
        assert_eq!(with_sections(text, &sections), expected);
        assert_eq!(with_sections(BUILT_IN, &Sections::new()), BUILT_IN);
    }
}
