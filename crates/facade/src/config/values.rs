//! What a value of a file or of the environment says.

use figment::value::Value;

pub(super) fn number(value: &Value) -> Option<u64> {
    match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => value.to_i128().and_then(|number| u64::try_from(number).ok()),
    }
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some("1" | "true" | "yes" | "on") => Some(true),
        Some("0" | "false" | "no" | "off") => Some(false),
        Some(_) => None,
        None => value.to_bool(),
    }
}
