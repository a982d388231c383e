//! The one document that all pages are: no request leaves it, and nothing runs in it but its own script.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::json;

const STYLE: &str = include_str!("page/style.css");
const VIEW: &str = include_str!("page/view.html");
const SCRIPT: &str = concat!(
    include_str!("page/model.js"),
    include_str!("page/treemap.js"),
    include_str!("page/reader.js"),
    include_str!("page/detail.js"),
    include_str!("page/main.js"),
);

/// The page that looks at maps.
pub(super) fn view(title: &str, data: &Value) -> String {
    let mut body = String::from(VIEW);
    let _ = writeln!(body, "<script type=\"application/json\" id=\"data\">{}</script>", embedded(data));
    document(title, &body, Some(SCRIPT))
}

/// A document. `body` is HTML of ours; the script is the only one that its policy lets run.
pub(crate) fn document(title: &str, body: &str, script: Option<&str>) -> String {
    let runs = script.map_or_else(|| "'none'".to_owned(), source);
    let policy = format!(
        "default-src 'none'; script-src {runs}; style-src {}; base-uri 'none'; form-action 'none'",
        source(STYLE)
    );
    let script = script.map_or_else(String::new, |script| format!("<script>{script}</script>\n"));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}{script}</body>\n</html>\n",
        text(title)
    )
}

/// Text as HTML shows it, in an element or a quoted attribute. What nobody sees is to be written out before.
pub(crate) fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// JSON that no parser of HTML takes for markup.
fn embedded(data: &Value) -> String {
    json::text(data).replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// What a policy calls a script or style that stands in the document.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_data_ends_its_element() {
        let hostile =
            "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>&lt;\u{2028}\u{202e}";
        let page = view(hostile, &serde_json::json!({ hostile: [hostile] }));
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</script").count(), 2);
        assert!(!page.contains("<img") && !page.contains("<!--"));
        let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert!(data.is_ascii() || !data.contains(['\u{2028}', '\u{202e}']));
        let value: Value = serde_json::from_str(data).unwrap();
        assert_eq!(value[hostile][0], hostile);
    }

    #[test]
    fn the_policy_lets_nothing_out_and_runs_one_script() {
        let page = view("shop", &Value::Null);
        let policy = page.split("content=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert!(policy.contains(&source(SCRIPT)) && policy.contains(&source(STYLE)));
        for (name, own) in [("script", SCRIPT), ("style", STYLE), ("body", VIEW)] {
            assert!(!own.contains("</script") || name == "body", "{name}");
            for away in ["http:", "https:", "url(", "@import", "src=", "href=", "//cdn", "fetch("] {
                assert!(!own.contains(away), "{name} has {away}");
            }
        }
        assert!(document("x", "", None).contains("script-src 'none'"));
    }

    #[test]
    fn the_script_is_short_and_writes_text_alone() {
        assert!(SCRIPT.lines().count() < 600);
        for door in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
        {
            assert!(!SCRIPT.contains(door), "{door}");
        }
    }
}
