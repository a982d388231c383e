//! Real servers, and some that only pretend: each on a port of its own, gone with its handle. What cannot be started panics.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whatever a server needs to begin.
const PATIENCE: Duration = Duration::from_secs(60);

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn is_up(port: u16) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A child that ends with its handle.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.0.id().to_string()).status();
        assert!(sent.unwrap().success());
    }
}

fn start(command: &mut Command, port: u16) -> Option<Process> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let process = Process(child);
    assert!(is_up(port), "{command:?} does not listen");
    Some(process)
}

/// Redis, or what calls itself so.
#[derive(Debug)]
pub struct Redis {
    process: Process,
    /// Where it listens.
    pub port: u16,
    _folder: tempfile::TempDir,
}

impl Redis {
    /// `None` where it is not installed.
    pub fn start(program: &str, more: &[&str]) -> Option<Self> {
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"]);
        command.arg(folder.path()).args(more);
        Some(Self { process: start(&mut command, port)?, port, _folder: folder })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends it a signal: `STOP`, `CONT`, `KILL`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Runs a script of its own in it.
    pub fn eval(&self, script: &str) {
        let length = script.len();
        let request = format!("*3\r\n$4\r\nEVAL\r\n${length}\r\n{script}\r\n$1\r\n0\r\n");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 256];
        let read = stream.read(&mut answer).unwrap();
        assert!(read > 0 && answer[0] != b'-', "{}", String::from_utf8_lossy(&answer[..read]));
    }
}

/// A server of S3, with a bucket.
#[derive(Debug)]
pub struct Moto {
    process: Process,
    url: String,
}

impl Moto {
    /// Starts it with a Python that has moto.
    pub fn start(python: &Path) -> Self {
        let port = free_port();
        let mut command = Command::new(python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let process = start(&mut command, port).expect("python is installed");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "PUT /team HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends it a signal: `STOP`, `CONT`, `KILL`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }
}

/// A server of WebDAV, of a folder.
#[derive(Debug)]
pub struct WebDav {
    process: Process,
    url: String,
    folder: tempfile::TempDir,
}

impl WebDav {
    /// Starts it with a Python that has wsgidav.
    pub fn start(python: &Path) -> Self {
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let mut command = Command::new(python);
        command.args([
            "-m",
            "wsgidav.server.server_cli",
            "--host",
            "127.0.0.1",
            "--auth",
            "anonymous",
            "--port",
            &port.to_string(),
            "--root",
        ]);
        let process = start(command.arg(folder.path()), port).expect("python is installed");
        Self { process, url: format!("http://127.0.0.1:{port}"), folder }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder that it serves.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends it a signal: `STOP`, `CONT`, `KILL`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }
}

/// A server that is none.
#[derive(Debug)]
pub struct Impostor {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
}

/// What an impostor does with those who come.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// It listens and never says a word.
    Silent,
    /// It hangs up.
    Rude,
    /// It answers with bytes that mean nothing.
    Garbage,
    /// It promises values and sends the half of one.
    Half,
    /// It knows no command.
    Ignorant,
    /// It refuses every password.
    Strict,
    /// It passes everything on to a server, a second late.
    Slow(u16),
}

impl Impostor {
    /// Starts to listen.
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                std::thread::spawn(move || manner.serve(stream));
            }
        });
        Self { address, is_over }
    }

    /// Where it is, for who takes it for Redis.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Where it is, for who takes it for a server of WebDAV or S3.
    pub fn http(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

impl Manner {
    fn serve(self, mut stream: TcpStream) {
        let mut buffer = vec![0; 1 << 16];
        let answer: &[u8] = match self {
            Self::Rude => return,
            Self::Silent => b"",
            Self::Garbage => b"HTTP/1.1 200 OK\r\n\r\n\x00\xff\xfe<html>",
            Self::Half => b"*3\r\n$100000\r\nrmrecord",
            Self::Ignorant => b"-ERR unknown command\r\n",
            Self::Strict => b"-NOAUTH Authentication required.\r\n",
            Self::Slow(port) => return pass_on(stream, port),
        };
        while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    }
}

fn pass_on(near: TcpStream, port: u16) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
    let (mut requests, mut server) = (near.try_clone().unwrap(), far.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut requests, &mut server));
    let (mut answers, mut client) = (far, near);
    let mut buffer = vec![0; 1 << 16];
    while let Ok(read @ 1..) = answers.read(&mut buffer) {
        std::thread::sleep(Duration::from_secs(1));
        if client.write_all(&buffer[..read]).is_err() {
            return;
        }
    }
}
