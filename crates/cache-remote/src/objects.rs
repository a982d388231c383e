//! Engines of objects, through OpenDAL: a folder, S3, WebDAV, the GitHub Actions cache. A batch is many requests at once.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use opendal::{ErrorKind, Operator, services};

use crate::address::{Credentials, Place, keys_of_s3};
use crate::fault::{Fault, Progress};
use crate::record::{MOST_PAYLOAD, Name, path};
use crate::tls::provide_tls;

/// Requests at once. More gain little on a line of 50 ms, and servers begin to refuse.
const AT_ONCE: usize = 64;

pub(crate) struct Objects {
    operator: Arc<Operator>,
    at_once: usize,
}

impl Objects {
    pub(crate) fn open(place: &Place, credentials: &Credentials, writes: bool) -> Result<Self, Fault> {
        let mut at_once = AT_ONCE;
        let operator = match place {
            Place::Folder(folder) => {
                let root =
                    folder.to_str().ok_or_else(|| Fault("the folder's name is no UTF-8".to_owned()))?;
                // Files of a disk: a thread each.
                at_once = 8;
                // The library makes what is not there: a share that is not mounted has to stay missing.
                if !writes && !folder.is_dir() {
                    return Err(Fault("there is no such folder".to_owned()));
                }
                let service = services::Fs::default().root(root);
                if writes {
                    // A reader never sees a part: a file gets its name when it is whole.
                    let parts = folder.join("parts");
                    Operator::new(service.atomic_write_dir(parts.to_str().unwrap_or(root)))
                } else {
                    Operator::new(service)
                }
            }
            Place::S3 { bucket, prefix, endpoint, region } => {
                install_http();
                let mut s3 = services::S3::default()
                    .bucket(bucket)
                    .root(&format!("/{prefix}"))
                    .region(region.as_deref().unwrap_or("us-east-1"));
                if let Some(endpoint) = endpoint {
                    s3 = s3.endpoint(endpoint);
                }
                // Keys that were handed on; else what a machine in the cloud is given, and what its files say.
                if let Some((id, secret, token)) = keys_of_s3(credentials) {
                    s3 = s3
                        .access_key_id(&id)
                        .secret_access_key(&secret)
                        .disable_config_load()
                        .disable_ec2_metadata();
                    if let Some(token) = token {
                        s3 = s3.session_token(&token);
                    }
                }
                Operator::new(s3)
            }
            Place::WebDav { endpoint, root, user, password } => {
                install_http();
                let mut webdav = services::Webdav::default().endpoint(endpoint).root(root);
                if let Some(user) = user {
                    webdav = webdav.username(user);
                }
                if let Some(password) = password {
                    webdav = webdav.password(password);
                }
                Operator::new(webdav)
            }
            Place::Actions { prefix } => {
                install_http();
                Operator::new(services::Ghac::default().root(&format!("/{prefix}")).version("repo-map-1"))
            }
            Place::Redis(_) => return Err(Fault("Redis has an engine of its own".to_owned())),
        };
        Ok(Self { operator: Arc::new(operator.map_err(|error| fault(&error))?), at_once })
    }

    pub(crate) async fn get(&self, names: &[Name], found: &mut [Option<Bytes>]) -> Result<(), Fault> {
        let paths: Vec<_> = names.iter().map(path).enumerate().collect();
        let requests = paths.into_iter().map(|(at, path)| {
            let operator = self.operator.clone();
            async move { (at, operator.read(&path).await) }
        });
        let mut answers = stream::iter(requests).buffer_unordered(self.at_once);
        while let Some((at, answer)) = answers.next().await {
            match answer {
                Ok(value) if value.len() <= MOST_PAYLOAD => found[at] = Some(value.to_bytes()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(fault(&error)),
            }
        }
        Ok(())
    }

    pub(crate) async fn put(&self, values: &[(Name, Bytes)], progress: &Progress) -> Result<(), Fault> {
        let values: Vec<_> = values.iter().map(|(name, value)| (path(name), value.clone())).collect();
        let requests = values.into_iter().map(|(path, value)| {
            let operator = self.operator.clone();
            async move { operator.write(&path, value).await }
        });
        let mut answers = stream::iter(requests).buffer_unordered(self.at_once);
        while let Some(answer) = answers.next().await {
            answer.map_err(|error| fault(&error))?;
            progress.add(1);
        }
        Ok(())
    }
}

/// The kind tells enough; the rest may name addresses, and is what a server wrote.
pub(crate) fn fault(error: &opendal::Error) -> Fault {
    Fault(error.kind().to_string())
}

fn install_http() {
    provide_tls();
    // OpenDAL's own function installs none that comes without a provider of TLS. One that is there already stays.
    opendal_http_transport_reqwest::install_default();
}
