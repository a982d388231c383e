//! The table `[cache.remote]`: a cache that machines share. The user alone has a say in it.

use std::collections::BTreeMap;
use std::fmt;

use figment::value::Value;

use super::file::{SettingsFile, quoted, shown};
use super::sources::bad;
use super::values::{flag, number};
use super::variables::Variables;
use crate::error::Error;

/// The table of the settings, in the table of the cache.
pub(super) const KEY: &str = "remote";
const TABLE: &str = "cache.remote";
/// What their names begin with in the environment.
const PREFIX: &str = "REPO_MAP_CACHE_REMOTE_";

/// A cache that machines share. Only a user's file, the environment and code may name one, never a mapped tree.
///
/// What is debugged of it leaves secrets out.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteConfig {
    /// Where it is: `redis://host:port/db`, `rediss://…`, `redis+unix:///socket`, `s3://bucket/prefix`, `https://host/folder` (WebDAV),
    /// `file:///folder` or `ghac://prefix`. Empty: nowhere, and the keys are those of [packs](crate::Pack) alone.
    pub url: String,
    /// Whether what was parsed is stored there; `false`: it is read alone.
    pub write: bool,
    /// What a team shares, 16 bytes or more: it hides from the server which contents are stored, and nobody without it can make a record.
    pub secret: Option<String>,
    /// The seed of an Ed25519 key, 64 hexadecimal digits, which signs what is stored.
    pub signing_key: Option<String>,
    /// Public keys of Ed25519, 64 hexadecimal digits each. Where there is one, only what they have signed is believed.
    pub trusted_keys: Vec<String>,
    /// All that waiting for the server may cost over what it saves before it is left alone, in milliseconds; `None`: 400.
    pub patience_ms: Option<u64>,
    /// What the services' usual variables say, such as `AWS_ACCESS_KEY_ID` and `REDIS_PASSWORD`.
    pub credentials: BTreeMap<String, String>,
}

impl RemoteConfig {
    /// A shared cache that is read.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

impl RemoteConfig {
    /// The same without the place: what is left seals and opens [packs](crate::Pack).
    #[must_use]
    pub fn keys_alone(self) -> Self {
        Self { url: String::new(), credentials: BTreeMap::new(), ..self }
    }

    /// Whether anything of it has an effect.
    pub(super) fn is_any(&self) -> bool {
        let has_keys = self.secret.is_some() || self.signing_key.is_some() || !self.trusted_keys.is_empty();
        has_keys || !self.url.is_empty()
    }
}

impl fmt::Debug for RemoteConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteConfig")
            // It may hold a password.
            .field("scheme", &self.url.split("://").next().unwrap_or_default())
            .field("write", &self.write)
            .field("patience_ms", &self.patience_ms)
            .field("has_secret", &self.secret.is_some())
            .field("signs", &self.signing_key.is_some())
            .field("trusted_keys", &self.trusted_keys)
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// One setting of the table.
struct RemoteSetting {
    key: &'static str,
    expected: &'static str,
    /// Its value is not told.
    is_secret: bool,
    take: fn(&mut RemoteConfig, &Value) -> Option<()>,
}

const SETTINGS: &[RemoteSetting] = &[
    RemoteSetting {
        key: "url",
        expected: "file:///folder, redis://host:port/db, rediss://…, redis+unix:///socket, s3://bucket/prefix, https://host/folder (WebDAV) or \
                   ghac://prefix",
        // It may hold a password.
        is_secret: true,
        take: |config, value| {
            let url = value.as_str()?;
            super::remote_parts::is_address(url).then(|| config.url = url.to_owned())
        },
    },
    RemoteSetting {
        key: "write",
        expected: "true or false",
        is_secret: false,
        take: |config, value| {
            config.write = flag(value)?;
            Some(())
        },
    },
    RemoteSetting {
        key: "patience_ms",
        expected: "a whole number of milliseconds from 1 to 60,000",
        is_secret: false,
        take: |config, value| {
            config.patience_ms = Some(number(value).filter(|wait| (1..=60_000).contains(wait))?);
            Some(())
        },
    },
    RemoteSetting {
        key: "secret",
        expected: "a text of 16 bytes or more",
        is_secret: true,
        take: |config, value| {
            config.secret = Some(value.as_str().filter(|text| text.len() >= 16)?.to_owned());
            Some(())
        },
    },
    RemoteSetting {
        key: "signing_key",
        expected: "64 hexadecimal digits",
        is_secret: true,
        take: |config, value| {
            config.signing_key = Some(key(value.as_str()?)?);
            Some(())
        },
    },
    RemoteSetting {
        key: "trusted_keys",
        expected: "a list of public keys, 64 hexadecimal digits each (in the environment with commas between them)",
        is_secret: false,
        take: |config, value| {
            let keys = match value.as_array() {
                Some(keys) => keys.iter().map(|value| key(value.as_str()?)).collect::<Option<Vec<_>>>(),
                None => value.as_str()?.split(',').map(key).collect(),
            };
            config.trusted_keys = keys?;
            Some(())
        },
    },
];

fn key(digits: &str) -> Option<String> {
    let digits = digits.trim();
    (digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then(|| digits.to_owned())
}

/// What the user's file says in the table.
pub(super) fn of_user(file: &SettingsFile, value: &Value, config: &mut RemoteConfig) -> Result<(), String> {
    let table = value.as_dict().ok_or_else(|| format!("`{TABLE}` is a table{}", file.place("cache", KEY)))?;
    for (key, value) in table {
        let place = file.place(TABLE, key);
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == *key) else {
            let known: Vec<_> = SETTINGS.iter().map(|setting| setting.key).collect();
            return Err(format!(
                "{TABLE}.{}{place}: no such setting; there are {}",
                quoted(key),
                known.join(", ")
            ));
        };
        (setting.take)(config, value).ok_or_else(|| setting.fault(value, &place))?;
    }
    Ok(())
}

/// Why a project's file has no say, for its place.
pub(super) fn no_say(place: &str, user_file: &str) -> String {
    format!(
        "{TABLE}{place} is passed over, a project has no say in it; it may stand in {user_file}, the environment ({PREFIX}URL) or code"
    )
}

/// What the environment says, and what it has of credentials.
pub(super) fn of_environment(config: &mut RemoteConfig, variable: Variables<'_>) -> Result<(), Error> {
    for setting in SETTINGS {
        let name = format!("{PREFIX}{}", setting.key.to_uppercase());
        let Some(value) = variable(&name) else { continue };
        let value = value.into_string().map_err(|_| bad(format!("{name}: it is not UTF-8")))?;
        let value = Value::from(value);
        (setting.take)(config, &value)
            .ok_or_else(|| bad(setting.fault(&value, &format!(" in the variable {name}"))))?;
    }
    if !config.url.is_empty() {
        let known = |name: &&str| Some(((*name).to_owned(), variable(name)?.into_string().ok()?));
        config.credentials = super::remote_parts::VARIABLES.iter().filter_map(known).collect();
    }
    Ok(())
}

impl RemoteSetting {
    fn fault(&self, value: &Value, place: &str) -> String {
        let Self { key, expected, is_secret, .. } = self;
        match is_secret {
            true => format!("{TABLE}.{key}{place}: expected {expected}"),
            false => format!("{TABLE}.{key} = {}{place}: expected {expected}", shown(value)),
        }
    }
}

#[cfg(test)]
mod tests;
