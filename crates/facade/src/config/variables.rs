use std::ffi::OsString;

/// A variable of the environment that is set and not empty.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;
