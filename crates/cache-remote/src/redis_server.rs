//! Redis and Valkey. OpenDAL's service asks for one key at a time and pings before each; a batch here is one request.

use bytes::Bytes;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _,
    RedisConnectionInfo, RedisError,
};
use tokio::sync::Mutex;

use crate::address::{Redis, Server};
use crate::fault::{Fault, Progress};
use crate::record::{Name, path};
use crate::tls::provide_tls;

/// What one request for storing has, in bytes: so much passes a slow line in a moment.
const REQUEST_BYTES: usize = 256 << 10;

pub(crate) struct RedisServer {
    client: Client,
    connection: Mutex<Option<MultiplexedConnection>>,
    time_to_live: Option<u64>,
}

impl RedisServer {
    pub(crate) fn open(redis: &Redis) -> Result<Self, Fault> {
        let address = match &redis.server {
            Server::Tcp { host, port, tls: false } => ConnectionAddr::Tcp(host.clone(), *port),
            Server::Tcp { host, port, tls: true } => {
                provide_tls();
                ConnectionAddr::TcpTls { host: host.clone(), port: *port, insecure: false, tls_params: None }
            }
            Server::Socket(path) => ConnectionAddr::Unix(path.clone()),
        };
        let mut login = RedisConnectionInfo::default().set_db(redis.database);
        if let Some(user) = &redis.user {
            login = login.set_username(user);
        }
        if let Some(password) = &redis.password {
            login = login.set_password(password);
        }
        let info: ConnectionInfo = address.into_connection_info().map_err(|error| fault(&error))?;
        let client = Client::open(info.set_redis_settings(login)).map_err(|error| fault(&error))?;
        Ok(Self { client, connection: Mutex::default(), time_to_live: redis.time_to_live })
    }

    /// The connection: one for all, made when it is first needed, and again when it has failed.
    async fn connection(&self) -> Result<MultiplexedConnection, Fault> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        // Whoever asks has a deadline of its own.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let made = self.client.get_multiplexed_async_connection_with_config(&config).await;
        Ok(connection.insert(made.map_err(|error| fault(&error))?).clone())
    }

    async fn failed(&self, error: &RedisError) -> Fault {
        *self.connection.lock().await = None;
        fault(error)
    }

    pub(crate) async fn get(&self, names: &[Name], found: &mut [Option<Bytes>]) -> Result<(), Fault> {
        if names.is_empty() {
            return Ok(());
        }
        let mut connection = self.connection().await?;
        let mut request = redis::cmd("MGET");
        names.iter().for_each(|name| {
            request.arg(path(name));
        });
        let values: Result<Vec<Option<Bytes>>, _> = request.query_async(&mut connection).await;
        match values {
            Ok(values) if values.len() == names.len() => {
                found.iter_mut().zip(values).for_each(|(found, value)| *found = value);
                Ok(())
            }
            Ok(_) => Err(Fault("it answers with another number of values".to_owned())),
            Err(error) => Err(self.failed(&error).await),
        }
    }

    pub(crate) async fn put(&self, values: &[(Name, Bytes)], progress: &Progress) -> Result<(), Fault> {
        let mut connection = self.connection().await?;
        let mut rest = values;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = rest.iter().take_while(|(_, value)| {
                bytes += value.len();
                bytes <= REQUEST_BYTES
            });
            let (now, later) = rest.split_at(fits.count().max(1));
            let mut requests = redis::pipe();
            for (name, value) in now {
                requests.cmd("SET").arg(path(name)).arg(&value[..]);
                if let Some(seconds) = self.time_to_live {
                    requests.arg("EX").arg(seconds);
                }
                requests.ignore();
            }
            let done: Result<(), _> = requests.query_async(&mut connection).await;
            if let Err(error) = done {
                return Err(self.failed(&error).await);
            }
            progress.add(now.len());
            rest = later;
        }
        Ok(())
    }
}

/// The category and the code tell enough; what a server writes may be anything.
fn fault(error: &RedisError) -> Fault {
    let code = error
        .code()
        .map(|code| code.chars().filter(char::is_ascii_alphanumeric).take(20).collect::<String>());
    Fault(match code {
        Some(code) => format!("{} ({code})", error.category()),
        None => error.category().to_owned(),
    })
}
