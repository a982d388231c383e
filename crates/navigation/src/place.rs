/// Where somebody points: a file, a line of it, or a definition in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The file, as written.
    pub path: String,
    /// What of it.
    pub point: Point,
}

/// A part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Point {
    /// All of it.
    #[default]
    Whole,
    /// A line, from 0.
    Line(u32),
    /// Lines, from 0, both included.
    Lines(u32, u32),
    /// A definition, by its name.
    Name(String),
}

impl Place {
    /// A file, as written.
    pub fn whole(path: impl Into<String>) -> Self {
        Self { path: path.into(), point: Point::Whole }
    }

    /// `src/a.rs`, `src/a.rs:12`, `src/a.rs:12-40`, `src/a.rs:12:5` (the column is passed over), `src/a.rs:start`,
    /// `src/a.rs:Engine::start`, `src/a.rs#L12`. Lines count from 1 here.
    ///
    /// ```
    /// use repo_map_navigation::{Place, Point};
    ///
    /// assert_eq!(Place::parse("a.rs:12").point, Point::Line(11));
    /// assert_eq!(Place::parse("a.rs:Engine::start").point, Point::Name("Engine::start".to_owned()));
    /// assert_eq!(Place::parse("C:\\a.rs").path, "C:\\a.rs");
    /// ```
    pub fn parse(text: &str) -> Self {
        if let Some((path, of_host)) = text.split_once("#L").filter(|(path, _)| !path.is_empty())
            && let Some(point) = lines(&of_host.replace('L', ""))
        {
            return Self { path: path.to_owned(), point };
        }
        // The colon of a drive is none of ours.
        let from = usize::from(text.as_bytes().get(1) == Some(&b':') && is_drive(text)) * 2;
        let Some(at) = text[from..].find(':').map(|at| at + from).filter(|at| *at > 0) else {
            return Self::whole(text);
        };
        let (path, rest) = (&text[..at], &text[at + 1..]);
        if rest.is_empty() {
            return Self::whole(path);
        }
        let point = lines(rest).unwrap_or_else(|| Point::Name(rest.to_owned()));
        Self { path: path.to_owned(), point }
    }
}

fn is_drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes[0].is_ascii_alphabetic() && matches!(bytes.get(2), Some(b'\\' | b'/'))
}

/// `12`, `12-40`, `12:5`, `12:`.
fn lines(text: &str) -> Option<Point> {
    let text = text.trim_end_matches(':');
    let (text, column) = text.split_once(':').unwrap_or((text, "0"));
    column.parse::<u32>().ok()?;
    let (first, last) = text.split_once('-').map_or((text, None), |(first, last)| (first, Some(last)));
    let line = |text: &str| text.parse::<u32>().ok().map(|line| line.saturating_sub(1));
    let first = line(first)?;
    match last {
        None => Some(Point::Line(first)),
        Some(last) => Some(Point::Lines(first, line(last)?.max(first))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_in_every_form_that_tools_print() {
        let check = |text: &str, path: &str, point: Point| {
            assert_eq!(Place::parse(text), Place { path: path.to_owned(), point }, "{text}");
        };
        check("src/a.rs", "src/a.rs", Point::Whole);
        check("src/a.rs:", "src/a.rs", Point::Whole);
        check("src/a.rs:12", "src/a.rs", Point::Line(11));
        check("src/a.rs:12:", "src/a.rs", Point::Line(11));
        check("src/a.rs:0", "src/a.rs", Point::Line(0));
        check("src/a.rs:12:5", "src/a.rs", Point::Line(11));
        check("src/a.rs:12-40", "src/a.rs", Point::Lines(11, 39));
        check("src/a.rs:40-12", "src/a.rs", Point::Lines(39, 39));
        check("src/a.rs#L12-L40", "src/a.rs", Point::Lines(11, 39));
        check("src/a.rs#L12", "src/a.rs", Point::Line(11));
        check("a.py:Engine.start", "a.py", Point::Name("Engine.start".to_owned()));
        check("a.rs:Engine::start", "a.rs", Point::Name("Engine::start".to_owned()));
        check("C:/a.rs:start", "C:/a.rs", Point::Name("start".to_owned()));
        check(":12", ":12", Point::Whole);
        check("", "", Point::Whole);
        check("é:1", "é", Point::Line(0));
        check("a.rs:99999999999", "a.rs", Point::Name("99999999999".to_owned()));
    }
}
