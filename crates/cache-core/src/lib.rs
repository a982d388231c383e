//! The storage contract, the checked value envelope and the tiers of a content-addressed cache.
