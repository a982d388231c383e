//! What could be wrong with a map, one module a risk.

mod budget_overrun;
mod by_gain;
mod hostile_text;
mod layout_model;
mod packing_model;
mod rows;
mod styles;
mod trees;
