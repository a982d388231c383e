//! Where scripts without spaces meet others: `修复Blueprint注册` holds the name `Blueprint`, `在src/app.py中` a path.

use std::borrow::Cow;

use crate::words::is_unspaced;

/// The text with a space wherever a letter of a script without spaces stands beside a letter or digit of ASCII, so that names and paths end
/// there. Folders and files of such a script (`文档/说明.md`) stay whole. Cost: linear in the text.
pub(crate) fn parted(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut parted = String::new();
    let (mut taken, mut before) = (0, '\n');
    for (at, now) in text.char_indices() {
        let is_seam = |a: char, b: char| is_unspaced(a) && (b.is_ascii_alphanumeric() || b == '_');
        if is_seam(before, now) || is_seam(now, before) {
            parted.push_str(&text[taken..at]);
            parted.push(' ');
            taken = at;
        }
        before = now;
    }
    if taken == 0 {
        return Cow::Borrowed(text);
    }
    parted.push_str(&text[taken..]);
    Cow::Owned(parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_a_script_without_spaces_begins() {
        assert_eq!(parted("修复Blueprint注册"), "修复 Blueprint 注册");
        assert_eq!(parted("在src/app.py:12处"), "在 src/app.py:12 处");
        assert_eq!(parted("ファイルを_open2で"), "ファイルを _open2 で");
        for text in ["文档/说明.md", "größe_2", "Ошибка_x в методе run", "a b", "重 run"]
        {
            assert_eq!(parted(text), text);
        }
    }
}
