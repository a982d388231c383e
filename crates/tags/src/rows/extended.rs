//! Languages of the group `extended`.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[];
