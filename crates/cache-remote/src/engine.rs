//! What all engines do: many values at once, by name.

use bytes::Bytes;

use crate::address::{Address, Credentials, Place};
use crate::fault::{Fault, Progress};
use crate::objects::Objects;
use crate::pack::Packs;
use crate::record::Name;
use crate::redis_server::RedisServer;

/// A server, a folder, or packs.
pub(crate) enum Engine {
    Redis(Box<RedisServer>),
    Objects(Objects),
    Packs(Packs),
}

impl Engine {
    /// Asks nothing yet. Only who writes makes a folder that is not there.
    pub(crate) fn open(address: &Address, credentials: &Credentials, writes: bool) -> Result<Self, Fault> {
        match &address.place {
            Place::Redis(redis) => RedisServer::open(redis).map(Box::new).map(Self::Redis),
            place => Objects::open(place, credentials, writes).map(Self::Objects),
        }
    }

    /// The values of names, in their order. What was found before a fault is there too.
    pub(crate) async fn get(&self, names: &[Name], found: &mut [Option<Bytes>]) -> Result<(), Fault> {
        match self {
            Self::Redis(server) => server.get(names, found).await,
            Self::Objects(objects) => objects.get(names, found).await,
            Self::Packs(packs) => packs.get(names, found),
        }
    }

    /// Stores values, each whole or not at all.
    pub(crate) async fn put(&self, values: &[(Name, Bytes)], progress: &Progress) -> Result<(), Fault> {
        match self {
            Self::Redis(server) => server.put(values, progress).await,
            Self::Objects(objects) => objects.put(values, progress).await,
            Self::Packs(_) => Err(Fault("a pack takes no records".to_owned())),
        }
    }
}
