/// What a reference is worth, by its name and by the request.
///
/// The weight of the edge from a referencing file to *each* file that defines the name is the product of the
/// factors that apply, times the square root of how often the file uses the name. All values are finite and not
/// negative; a factor of 1 switches its rule off.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EdgeWeights {
    /// Factor of a name that the request mentions.
    pub mentioned_name: f64,
    /// Factor of a name of at least [`long_name_chars`](Self::long_name_chars) characters in snake, kebab or camel
    /// case: `url_for_all`, `data-source`, `UrlMap` (a capital and a small letter somewhere).
    pub long_name: f64,
    /// See [`long_name`](Self::long_name).
    pub long_name_chars: usize,
    /// Factor of a name that begins with an underscore.
    pub underscore: f64,
    /// Factor of a name that more than [`common_above`](Self::common_above) files define.
    pub common: f64,
    /// See [`common`](Self::common).
    pub common_above: usize,
    /// How the factor of common names falls with the number of files that define them: 0 leaves it, 1 makes all
    /// definers together worth as much as `common_above` of them, whatever their number.
    pub common_dilution: f64,
    /// Factor of references in chat files.
    pub chat_reference: f64,
    /// How much of what a file passes to itself arrives, at most 1; the rest restarts. Where all arrives, a file that
    /// references little else keeps the walk, and its private functions and unused macros lead.
    pub own_share: f64,
    /// Weight of the edge from a file to itself for each of its definitions that no file references.
    pub unreferenced: f64,
    /// Restart mass of a chat file.
    pub restart_chat: f64,
    /// Restart mass of a mentioned file; the larger of this and `restart_chat` where it is a chat file too.
    pub restart_mentioned: f64,
    /// Restart mass that a file gets on top where a folder of its path, its file name or its stem is a mentioned name.
    pub restart_path: f64,
}

impl EdgeWeights {
    /// The weights of aider 0.86, the square root of a count taken once.
    ///
    /// aider's restart mass is 100 divided by the number of files, in each of the three rules; only the ratio
    /// counts, so it is 1 here.
    pub fn aider() -> Self {
        Self {
            mentioned_name: 10.0,
            long_name: 10.0,
            long_name_chars: 8,
            underscore: 0.1,
            common: 0.1,
            common_above: 5,
            common_dilution: 0.0,
            chat_reference: 50.0,
            own_share: 1.0,
            unreferenced: 0.1,
            restart_chat: 1.0,
            restart_mentioned: 1.0,
            restart_path: 1.0,
        }
    }

    /// The factor of a name's shape.
    pub(crate) fn shape_factor(&self, shape: NameShape) -> f64 {
        let long = if shape.long { self.long_name } else { 1.0 };
        let underscore = if shape.underscore { self.underscore } else { 1.0 };
        long * underscore
    }

    /// The factor of a name that so many files define.
    pub(crate) fn definers_factor(&self, definers: usize) -> f64 {
        if definers <= self.common_above {
            return 1.0;
        }
        let share = self.common_above as f64 / definers as f64;
        self.common * share.powf(self.common_dilution)
    }

    pub(crate) fn shape(&self, name: &str) -> NameShape {
        NameShape { long: self.is_long(name), underscore: name.starts_with('_') }
    }

    fn is_long(&self, name: &str) -> bool {
        if name.len() < self.long_name_chars {
            return false;
        }
        // Nearly all names are: a byte is a letter then, and no table is looked into.
        if name.is_ascii() {
            let any = |is: fn(&u8) -> bool| name.as_bytes().iter().any(is);
            let is_joint = any(|byte| matches!(byte, b'_' | b'-')) && any(u8::is_ascii_alphabetic);
            return is_joint || (any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase));
        }
        let mut chars = 0;
        let (mut joint, mut upper, mut lower, mut letter) = (false, false, false, false);
        for c in name.chars() {
            chars += 1;
            joint |= matches!(c, '_' | '-');
            upper |= c.is_uppercase();
            lower |= c.is_lowercase();
            letter |= c.is_alphabetic();
        }
        chars >= self.long_name_chars && (joint && letter || upper && lower)
    }
}

impl Default for EdgeWeights {
    /// aider's, but with names that many files define diluted (`__init__` of 300 files is worth that of 5) and with
    /// a tenth of what a file passes to itself.
    fn default() -> Self {
        Self { common_dilution: 1.0, own_share: 0.1, ..Self::aider() }
    }
}

/// What the look of a name says of its worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameShape {
    pub(crate) long: bool,
    pub(crate) underscore: bool,
}

impl NameShape {
    pub(crate) const COUNT: usize = 4;

    /// A number below [`COUNT`](Self::COUNT).
    pub(crate) fn code(self) -> u8 {
        u8::from(self.long) | u8::from(self.underscore) << 1
    }

    pub(crate) fn from_code(code: u8) -> Self {
        Self { long: code & 1 != 0, underscore: code & 2 != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: f64) {
        let weights = EdgeWeights::aider();
        let factor = weights.shape_factor(weights.shape(name));
        assert!((factor - expected).abs() < 1e-12, "{name}: {factor}");
    }

    #[test]
    fn long_compound_names_count_ten_times() {
        check("url_for", 1.0);
        check("url_for_", 10.0);
        check("data-src", 10.0);
        check("UrlMapAB", 10.0);
        check("ALLUPPER", 1.0);
        check("alllower", 1.0);
        check("________", 0.1);
        check("1234_678", 1.0);
        check("_private_name", 1.0);
        check("_x", 0.1);
        check("", 1.0);
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        check("é_é_é", 1.0);
        check("é_é_é_é_", 10.0);
    }

    #[test]
    fn dilution_bounds_what_all_definers_get() {
        let weights = EdgeWeights::default();
        assert!((weights.definers_factor(5) - 1.0).abs() < 1e-12);
        assert!((weights.definers_factor(300) * 300.0 - 0.1 * 5.0).abs() < 1e-12);
        assert!((EdgeWeights::aider().definers_factor(300) - 0.1).abs() < 1e-12);
    }

    #[test]
    fn shapes_survive_their_codes() {
        for code in 0..NameShape::COUNT as u8 {
            assert_eq!(NameShape::from_code(code).code(), code);
        }
    }
}
