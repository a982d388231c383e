//! The tokens of a query's text.

/// Names, captures, strings and single signs; `""` at the end.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    pub(super) rest: &'a str,
}

pub(super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Tokens<'a> {
    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with(';') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    pub(super) fn next(&mut self) -> &'a str {
        self.skip_blank();
        let rest = self.rest;
        let len = match rest.chars().next() {
            None => 0,
            Some('"') => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            Some('@' | '#') => {
                let end = rest[1..].find(|c| !(is_name(c) || matches!(c, '.' | '-' | '?' | '!')));
                end.map_or(rest.len(), |end| end + 1)
            }
            Some(c) if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            Some(c) => c.len_utf8(),
        };
        self.rest = &rest[len..];
        &rest[..len]
    }

    pub(super) fn peek(&mut self) -> &'a str {
        let rest = self.rest;
        let token = self.next();
        self.rest = rest;
        token
    }

    pub(super) fn peek_offset(&mut self, text: &str) -> usize {
        self.skip_blank();
        text.len() - self.rest.len()
    }
}

/// What a string token stands for; none when the token is no string.
pub(super) fn string(token: &str) -> Option<String> {
    let inner = token.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                other => other,
            },
            other => other,
        });
    }
    Some(text)
}
