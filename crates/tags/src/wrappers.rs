//! What stands around a definition or before it and belongs to it: decorators, template parameters and the like.

use std::cmp::Reverse;
use std::ops::Range;

use crate::found::Found;

/// Adds decorators and the like to the definitions that they stand before.
pub(crate) fn widen(found: &mut Found) {
    if found.wrapped.is_empty() {
        return;
    }
    found.wrapped.sort_unstable_by_key(|wrapped| (wrapped.inner.start, wrapped.inner.end));
    let wrapper_of = |node: &Range<usize>| {
        let index = found.wrapped.binary_search_by_key(&(node.start, node.end), |wrapped| {
            (wrapped.inner.start, wrapped.inner.end)
        });
        index.ok().filter(|&index| found.wrapped[index].outer != *node)
    };
    // Wrappers nest: a template of a template. Who was climbed once is not climbed again.
    let mut outermost: Vec<Option<usize>> = vec![None; found.wrapped.len()];
    let mut climbed = Vec::new();
    for definition in &mut found.definitions {
        let Some(first) = wrapper_of(&definition.node) else { continue };
        let mut last = first;
        climbed.clear();
        while let Some(next) = outermost[last].or_else(|| wrapper_of(&found.wrapped[last].outer))
            && next != last
        {
            climbed.push(last);
            last = next;
        }
        climbed.push(last);
        climbed.iter().for_each(|&below| outermost[below] = Some(last));
        definition.node = found.wrapped[last].outer.clone();
    }
}

/// Adds decorators that stand beside the definitions and not around them.
pub(crate) fn decorate(found: &mut Found, source: &[u8]) {
    if found.decorators.is_empty() {
        return;
    }
    found.decorators.sort_unstable_by_key(|decorator| decorator.start);
    // The start of what is decorated, and of its first decorator, both falling.
    let mut decorated: Vec<(usize, usize)> = Vec::new();
    // Where the last blanks begin and end: decorators that nest may all end there.
    let mut blanks = 0..0;
    for decorator in found.decorators.iter().rev() {
        if blanks.start != decorator.end {
            let blank = source[decorator.end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            blanks = decorator.end..decorator.end + blank;
        }
        match decorated.last_mut() {
            Some((_, first)) if *first == blanks.end => *first = decorator.start,
            _ => decorated.push((blanks.end, decorator.start)),
        }
    }
    for definition in &mut found.definitions {
        if let Ok(index) =
            decorated.binary_search_by_key(&Reverse(definition.node.start), |(start, _)| Reverse(*start))
        {
            definition.node.start = decorated[index].1;
        }
    }
}
