//! Which entry goes: S3-FIFO (Yang and others, "FIFO queues are all you need for cache eviction", SOSP 2023).
//!
//! New entries wait in a small queue. One that is used there, or that comes back soon after it was evicted, moves to
//! the main queue, where entries that were used go round again. A scan passes through the small queue alone.
//! One change: while the main queue has room, what leaves the small queue goes there and not away, so
//! that a loop over more than fits keeps what it kept in the round before.

use std::collections::VecDeque;

use super::ghost::Ghost;

/// The part of the bounds that the small queue has: one in so many. The paper has 10; with the change above less is better
/// on loops and scans, and costs skewed use nothing (`tests/hit_ratio.rs`).
const SMALL_SHARE: u64 = 32;

/// How much of a policy's bounds is used, or what the bounds are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Small,
    Main,
}

/// One stay of an entry in a queue. A removed entry leaves its slot behind; the number tells it from a later stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) hash: u64,
    pub(crate) stay: u32,
}

pub(crate) struct Policy {
    small: Queue,
    main: Queue,
    ghost: Ghost,
    bounds: Load,
    last_stay: u32,
    evictions: u64,
}

struct Queue {
    slots: VecDeque<Slot>,
    load: Load,
}

/// What becomes of the entry of a slot that has come to the end of its queue.
#[derive(Clone, Copy)]
pub(crate) enum Verdict {
    /// It was used and stays.
    Stays,
    /// It was evicted.
    Gone,
    /// It was removed before.
    Missing,
}

impl Load {
    pub(crate) fn fits(self, bounds: Self) -> bool {
        self.items <= bounds.items && self.bytes <= bounds.bytes
    }

    pub(crate) fn plus(self, bytes: u64) -> Self {
        Self { items: self.items + 1, bytes: self.bytes + bytes }
    }

    fn share(self, parts: u64) -> Self {
        Self { items: self.items / parts, bytes: self.bytes / parts }
    }
}

impl Policy {
    pub(crate) fn new(bounds: Load) -> Self {
        Self {
            small: Queue::new(),
            main: Queue::new(),
            ghost: Ghost::new(),
            bounds,
            last_stay: 0,
            evictions: 0,
        }
    }

    pub(crate) fn bounds(&self) -> Load {
        self.bounds
    }

    pub(crate) fn set_bounds(&mut self, bounds: Load) {
        self.bounds = bounds;
    }

    pub(crate) fn load(&self) -> Load {
        let (small, main) = (self.small.load, self.main.load);
        Load { items: small.items + main.items, bytes: small.bytes + main.bytes }
    }

    /// Entries that went for others since it was made.
    pub(crate) fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Drops all slots. What it did, and the number of the last stay, go on.
    pub(crate) fn clear(&mut self) {
        (self.small, self.main, self.ghost) = (Queue::new(), Queue::new(), Ghost::new());
    }

    /// Queues a new entry: where it stays, and the number of its stay.
    pub(crate) fn admit(&mut self, hash: u64, bytes: u64) -> (Place, u32) {
        let window = self.window();
        let place = if self.ghost.take(hash, window) { Place::Main } else { Place::Small };
        self.last_stay = self.last_stay.wrapping_add(1);
        let stay = self.last_stay;
        self.queue(place).push(Slot { hash, stay }, bytes);
        (place, stay)
    }

    /// Takes note that an entry was removed or, with an entry in its place at once, weighs something else.
    pub(crate) fn remove(&mut self, place: Place, bytes: u64) {
        let queue = self.queue(place);
        queue.load.items -= 1;
        queue.load.bytes -= bytes;
    }

    /// Takes note that an entry has another weight.
    pub(crate) fn reweigh(&mut self, place: Place, before: u64, after: u64) {
        let queue = self.queue(place);
        queue.load.bytes = queue.load.bytes - before + after;
    }

    pub(crate) fn is_over(&self) -> bool {
        !self.load().fits(self.bounds)
    }

    /// The next slot to judge: [`settle`](Self::settle) follows. None when nothing is left.
    pub(crate) fn next(&mut self) -> Option<(Place, Slot)> {
        let is_small = self.main.slots.is_empty() || !self.small.load.fits(self.bounds.share(SMALL_SHARE));
        if is_small && let Some(slot) = self.small.slots.pop_front() {
            return Some((Place::Small, slot));
        }
        if let Some(slot) = self.main.slots.pop_front() {
            return Some((Place::Main, slot));
        }
        self.small.slots.pop_front().map(|slot| (Place::Small, slot))
    }

    /// Evictions for which a key is remembered: half as many as there are entries. With more, the entries of a loop over
    /// somewhat more than fits push each other out just before they are used.
    fn window(&self) -> usize {
        self.load().items as usize / 2
    }

    /// Whether an entry that leaves the small queue unused may fill room of the main one.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        let Load { items, bytes: most } = self.bounds;
        let small = self.bounds.share(SMALL_SHARE);
        self.main.load.plus(bytes).fits(Load { items: items - small.items, bytes: most - small.bytes })
    }

    /// Does what was judged: an entry that stays goes to the end of the main queue.
    pub(crate) fn settle(&mut self, place: Place, slot: Slot, bytes: u64, verdict: Verdict) {
        match verdict {
            Verdict::Stays => {
                self.remove(place, bytes);
                self.main.push(slot, bytes);
            }
            Verdict::Gone => {
                self.remove(place, bytes);
                self.evictions += 1;
                if place == Place::Small {
                    let window = self.window();
                    self.ghost.note(slot.hash, window);
                }
            }
            Verdict::Missing => {}
        }
    }

    /// Drops the slots of removed entries once they are more than the others.
    pub(crate) fn tidy(&mut self, is_live: impl Fn(&Slot) -> bool) {
        for queue in [&mut self.small, &mut self.main] {
            if queue.slots.len() as u64 > 2 * queue.load.items + 64 {
                queue.slots.retain(&is_live);
            }
        }
    }

    fn queue(&mut self, place: Place) -> &mut Queue {
        match place {
            Place::Small => &mut self.small,
            Place::Main => &mut self.main,
        }
    }
}

impl Queue {
    const fn new() -> Self {
        Self { slots: VecDeque::new(), load: Load { items: 0, bytes: 0 } }
    }

    fn push(&mut self, slot: Slot, bytes: u64) {
        self.slots.push_back(slot);
        self.load = self.load.plus(bytes);
    }
}
