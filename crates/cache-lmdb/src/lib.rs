//! The durable tier of the cache: LMDB through heed.
