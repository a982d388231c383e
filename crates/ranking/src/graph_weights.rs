//! The weights of the graph by the names that files of weights use.

use crate::Preset;

/// Where a named weight stands in a preset.
#[derive(Clone, Copy)]
enum Place {
    Number(fn(&mut Preset) -> &mut f64),
    Count(fn(&mut Preset) -> &mut usize),
}

use Place::{Count, Number};

const PLACES: [(&str, Place); 29] = [
    ("damping", Number(|preset| &mut preset.damping)),
    ("mentioned_name", Number(|preset| &mut preset.edges.mentioned_name)),
    ("long_name", Number(|preset| &mut preset.edges.long_name)),
    ("long_name_chars", Count(|preset| &mut preset.edges.long_name_chars)),
    ("underscore", Number(|preset| &mut preset.edges.underscore)),
    ("common", Number(|preset| &mut preset.edges.common)),
    ("common_above", Count(|preset| &mut preset.edges.common_above)),
    ("common_dilution", Number(|preset| &mut preset.edges.common_dilution)),
    ("chat_reference", Number(|preset| &mut preset.edges.chat_reference)),
    ("own_share", Number(|preset| &mut preset.edges.own_share)),
    ("unreferenced", Number(|preset| &mut preset.edges.unreferenced)),
    ("restart_chat", Number(|preset| &mut preset.edges.restart_chat)),
    ("restart_mentioned", Number(|preset| &mut preset.edges.restart_mentioned)),
    ("restart_path", Number(|preset| &mut preset.edges.restart_path)),
    ("test", Number(|preset| &mut preset.factors.test)),
    ("vendored", Number(|preset| &mut preset.factors.vendored)),
    ("generated", Number(|preset| &mut preset.factors.generated)),
    ("example", Number(|preset| &mut preset.factors.example)),
    ("docs", Number(|preset| &mut preset.factors.docs)),
    ("config", Number(|preset| &mut preset.factors.config)),
    ("constructor", Number(|preset| &mut preset.factors.constructor)),
    ("macros", Number(|preset| &mut preset.factors.macros)),
    ("property", Number(|preset| &mut preset.factors.property)),
    ("constant", Number(|preset| &mut preset.factors.constant)),
    ("variable", Number(|preset| &mut preset.factors.variable)),
    ("field", Number(|preset| &mut preset.factors.field)),
    ("enum_member", Number(|preset| &mut preset.factors.enum_member)),
    ("module", Number(|preset| &mut preset.factors.module)),
    ("declaration", Number(|preset| &mut preset.factors.declaration)),
];

/// The names of all weights of the graph.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PLACES.iter().map(|(name, _)| *name)
}

/// Why a value is none for the weight, if it is so.
pub(crate) fn fault(name: &str, value: f64) -> Option<&'static str> {
    let is_count = PLACES.iter().any(|(known, place)| *known == name && matches!(place, Count(_)));
    match name {
        "damping" if !(0.0..1.0).contains(&value) => Some("it is from 0 to below 1"),
        "own_share" if !(0.0..=1.0).contains(&value) => Some("it is from 0 to 1"),
        _ if is_count && !(value.fract() == 0.0 && (0.0..1e9).contains(&value)) => {
            Some("it is a whole number, 0 or more")
        }
        // A product of factors must stay finite.
        _ if !(0.0..=1e9).contains(&value) => Some("it is from 0 to 1e9"),
        _ => None,
    }
}

/// Sets a weight of a preset; a value that [is none](fault) is ignored.
pub(crate) fn set(preset: &mut Preset, name: &str, value: f64) {
    if fault(name, value).is_some() {
        return;
    }
    match PLACES.iter().find(|(known, _)| *known == name) {
        Some((_, Number(place))) => *place(preset) = value,
        Some((_, Count(place))) => *place(preset) = value as usize,
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_weight_has_a_name_of_its_own() {
        let before = Preset::default();
        for name in names() {
            let mut preset = before.clone();
            set(&mut preset, name, 0.0);
            assert_ne!(preset, before, "{name}");
        }
    }

    /// Fields that a name was forgotten for keep their zero.
    #[test]
    fn every_field_can_be_set() {
        let mut preset = Preset::default();
        names().for_each(|name| set(&mut preset, name, 0.0));
        for text in [format!("{:?}", preset.edges), format!("{:?}", preset.factors)] {
            let values = text.split([',', '}']).filter_map(|field| field.split_once(": "));
            values.for_each(|(field, value)| {
                assert!(value.trim().parse::<f64>() == Ok(0.0), "{field} has no name");
            });
        }
        assert_eq!(preset.damping, 0.0);
    }
}
