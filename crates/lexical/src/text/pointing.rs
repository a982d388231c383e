use super::frames::Frames;
use super::hunks::hunks;
use super::links::links;
use super::place::Place;

/// More are a list, not a report.
const MAX_PLACES: usize = 1_024;

/// The places that a text points to: links, paths with lines, frames and hunks, each kind in the order of the text, but the frames of a trace
/// from the innermost outwards. Cost: linear in the text.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let mut places = links(text);
    places.truncate(MAX_PLACES);
    places.extend(hunks(text).take(MAX_PLACES));
    let mut frames = Frames::default();
    for line in text.lines() {
        frames.read(line);
    }
    places.extend(frames.into_places(MAX_PLACES));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_places_is_cut() {
        let many: String = (0..5_000).map(|at| format!("f{at}.c:{at}\n")).collect();
        assert_eq!(places(&many).len(), MAX_PLACES);
    }
}
