//! Where the shared tier is: one URL, and what the services' usual variables say.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The variables of the environment that services read their credentials from. This crate reads none: its host hands them on.
///
/// The GitHub Actions cache is the exception: its client looks for the variables of its runner (`ACTIONS_…`) itself.
pub const VARIABLES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "REDIS_USERNAME",
    "REDIS_PASSWORD",
    "REDISCLI_AUTH",
    "WEBDAV_USERNAME",
    "WEBDAV_PASSWORD",
];

/// What the URL may be, for whoever wrote another.
const FORMS: &str = "expected file:///folder, redis://host:port/db, rediss://…, redis+unix:///socket, s3://bucket/prefix, https://host/folder \
                     (WebDAV) or ghac://prefix";

/// Values of [`VARIABLES`]. They are never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials(BTreeMap<String, String>);

impl Credentials {
    /// Those that a host knows, by the names of the variables.
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(values.into_iter().collect())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0.get(*name)).cloned()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The URL of a shared tier, taken apart. What it displays leaves user and password out.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) place: Place,
    shown: String,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Folder(PathBuf),
    Redis(Redis),
    S3 { bucket: String, prefix: String, endpoint: Option<String>, region: Option<String> },
    WebDav { endpoint: String, root: String, user: Option<String>, password: Option<String> },
    Actions { prefix: String },
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Redis {
    pub(crate) server: Server,
    pub(crate) database: i64,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// How long a record stays after it was written, in seconds; without end where none is set.
    pub(crate) time_to_live: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Tcp { host: String, port: u16, tls: bool },
    Socket(PathBuf),
}

/// A URL by its parts, percent signs resolved.
struct Parts {
    scheme: String,
    user: Option<String>,
    password: Option<String>,
    host: String,
    path: String,
    options: BTreeMap<String, String>,
}

impl Address {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// A line that names the fault and the forms there are; never user or password.
    pub fn parse(url: &str) -> Result<Self, String> {
        let mut parts = Parts::of(url)?;
        let shown = format!("{}://{}{}", parts.scheme, parts.host, parts.path);
        let place = parts.place()?;
        if let Some(name) = parts.options.keys().next() {
            return Err(format!("the option {name:?} means nothing for {}", parts.scheme));
        }
        Ok(Self { place, shown })
    }

    /// The same, with what the URL itself leaves out.
    pub(crate) fn with(mut self, credentials: &Credentials) -> Self {
        match &mut self.place {
            Place::Folder(_) | Place::Actions { .. } => {}
            Place::Redis(Redis { user, password, .. }) => {
                let given = || credentials.first(&["REDIS_PASSWORD", "REDISCLI_AUTH"]);
                *password = password.take().or_else(given);
                *user = user.take().or_else(|| credentials.first(&["REDIS_USERNAME"]));
            }
            Place::S3 { endpoint, region, .. } => {
                let given = || credentials.first(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]);
                *endpoint = endpoint.take().or_else(given);
                *region = region.take().or_else(|| credentials.first(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
            }
            Place::WebDav { user, password, .. } => {
                *user = user.take().or_else(|| credentials.first(&["WEBDAV_USERNAME"]));
                *password = password.take().or_else(|| credentials.first(&["WEBDAV_PASSWORD"]));
            }
        }
        self
    }
}

/// The keys of S3, where they are known.
pub(crate) fn keys_of_s3(credentials: &Credentials) -> Option<(String, String, Option<String>)> {
    let id = credentials.first(&["AWS_ACCESS_KEY_ID"])?;
    let secret = credentials.first(&["AWS_SECRET_ACCESS_KEY"])?;
    Some((id, secret, credentials.first(&["AWS_SESSION_TOKEN"])))
}

impl Parts {
    fn of(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| FORMS.to_owned())?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(login), host),
            None => (None, authority),
        };
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
            Some((user, password)) => (text(user)?, text(password)?),
            None => (None, None),
        };
        let mut options = BTreeMap::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            options.insert(name.to_owned(), text(value)?.unwrap_or_default());
        }
        let path = text(path)?.unwrap_or_default();
        Ok(Self { scheme: scheme.to_owned(), user, password, host: host.to_owned(), path, options })
    }

    fn place(&mut self) -> Result<Place, String> {
        let folder = self.path.trim_matches('/').to_owned();
        match self.scheme.as_str() {
            "file" if self.host.is_empty() && !folder.is_empty() => {
                Ok(Place::Folder(PathBuf::from(&self.path)))
            }
            "file" => Err("a folder is named by file:/// and its whole path".to_owned()),
            "redis" | "rediss" | "redis+unix" => self.redis().map(Place::Redis),
            "s3" if !self.host.is_empty() => Ok(Place::S3 {
                bucket: self.host.clone(),
                prefix: folder,
                endpoint: self.options.remove("endpoint"),
                region: self.options.remove("region"),
            }),
            scheme @ ("http" | "https") if !self.host.is_empty() => Ok(Place::WebDav {
                endpoint: format!("{scheme}://{}", self.host),
                root: format!("/{folder}"),
                user: self.user.take(),
                password: self.password.take(),
            }),
            "ghac" => {
                let prefix = format!("{}/{folder}", self.host);
                Ok(Place::Actions { prefix: prefix.trim_matches('/').to_owned() })
            }
            _ => Err(FORMS.to_owned()),
        }
    }

    fn redis(&mut self) -> Result<Redis, String> {
        let server = match self.scheme.as_str() {
            "redis+unix" => Server::Socket(PathBuf::from(&self.path)),
            scheme => {
                let (host, port) = match self.host.rsplit_once(':') {
                    Some((host, port)) if !port.contains(']') => (host, port),
                    _ => (self.host.as_str(), "6379"),
                };
                let port = port.parse().map_err(|_| format!("{port:?} is no port"))?;
                if host.is_empty() {
                    return Err(FORMS.to_owned());
                }
                let host = host.trim_matches(['[', ']']).to_owned();
                Server::Tcp { host, port, tls: scheme == "rediss" }
            }
        };
        let number = match (&server, self.path.trim_matches('/')) {
            (Server::Socket(_), _) => self.options.remove("db").unwrap_or_default(),
            (Server::Tcp { .. }, path) => path.to_owned(),
        };
        let database = match number.as_str() {
            "" => 0,
            number => number.parse().map_err(|_| format!("{number:?} is no number of a database"))?,
        };
        let days = |days: String| {
            days.parse::<u64>().ok().filter(|days| (1..=36_500).contains(days)).map(|days| days * 86_400)
        };
        let time_to_live = match self.options.remove("ttl_days") {
            Some(value) => Some(days(value).ok_or("ttl_days is a whole number of days, 1 or more")?),
            None => None,
        };
        let (user, password) = (self.user.take(), self.password.take());
        Ok(Redis { server, database, user, password, time_to_live })
    }
}

/// A part of a URL with its percent signs resolved; `None` for an empty one.
fn text(part: &str) -> Result<Option<String>, String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let digit = |digit: Option<u8>| digit.and_then(|digit| char::from(digit).to_digit(16));
        bytes.push(match byte {
            b'%' => match (digit(rest.next()), digit(rest.next())) {
                (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or_default(),
                _ => return Err("a percent sign in a URL has two hexadecimal digits after it".to_owned()),
            },
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| "a URL is UTF-8".to_owned())?;
    match text.contains('\0') {
        true => Err("a URL has no NUL".to_owned()),
        false => Ok(Some(text).filter(|text| !text.is_empty())),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_has_its_url() {
        let redis = |url| match Address::parse(url).unwrap().place {
            Place::Redis(redis) => redis,
            _ => panic!("{url}"),
        };
        assert!(
            matches!(Address::parse("file:///srv/c").unwrap().place, Place::Folder(path) if path == *"/srv/c")
        );
        let full = redis("rediss://me:p%40ss@cache.example:7000/3?ttl_days=2");
        assert_eq!(full.server, Server::Tcp { host: "cache.example".into(), port: 7000, tls: true });
        assert_eq!((full.database, full.time_to_live), (3, Some(172_800)));
        assert_eq!((full.user.as_deref(), full.password.as_deref()), (Some("me"), Some("p@ss")));
        assert_eq!(redis("redis://[::1]").server, Server::Tcp { host: "::1".into(), port: 6379, tls: false });
        assert_eq!(redis("redis+unix:///run/r.sock?db=2").server, Server::Socket("/run/r.sock".into()));
        let Place::S3 { bucket, prefix, endpoint, .. } =
            Address::parse("s3://team/maps?endpoint=http://127.0.0.1:9").unwrap().place
        else {
            panic!()
        };
        assert_eq!((&*bucket, &*prefix, endpoint.as_deref()), ("team", "maps", Some("http://127.0.0.1:9")));
        let Place::WebDav { endpoint, root, .. } = Address::parse("https://dav.example/a/b/").unwrap().place
        else {
            panic!()
        };
        assert_eq!((&*endpoint, &*root), ("https://dav.example", "/a/b"));
    }

    #[test]
    fn passwords_are_neither_shown_nor_quoted_in_faults() {
        let address = Address::parse("redis://me:hush@host:1/0").unwrap();
        assert_eq!(format!("{address} {address:?}"), "redis://host:1/0 redis://host:1/0");
        for url in ["redis://me:hush@host:x", "redis://me:hush@host/x", "what://me:hush@host", "hush"] {
            let fault = Address::parse(url).unwrap_err();
            assert!(!fault.contains("hush"), "{fault}");
        }
        let named = Credentials::new([("REDIS_PASSWORD".to_owned(), "hush".to_owned())]);
        assert!(!format!("{named:?}").contains("hush"));
    }

    #[test]
    fn what_no_engine_means_is_refused() {
        for url in
            ["", "redis", "file://folder/x", "file:///", "redis://h?x=1", "s3:///p", "redis://h?ttl_days=0"]
        {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }
}
