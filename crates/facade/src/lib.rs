//! Repository maps for coding agents: the stages and the cache put together.
