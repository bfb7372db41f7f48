//! A small HTTP/1.1 client: one connection kept open, one request at a time. Small, so that most of the machine
//! is left to the server.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub struct Client {
    stream: BufReader<TcpStream>,
    line: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub location: String,
    pub cookie: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    pub async fn connect(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream), line: Vec::new() })
    }

    /// Sends a whole request as it is and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Reply> {
        self.stream.get_mut().write_all(request).await?;
        let mut reply = Reply::default();
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|s| s.parse().ok());
        reply.status = status.with_context(|| format!("no status in the answer: {first:?}"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { bail!("no header: {line:?}") };
            let value = value.trim_start();
            match name {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value == "chunked",
                "location" => value.clone_into(&mut reply.location),
                "set-cookie" => value.split(';').next().unwrap_or("").clone_into(&mut reply.cookie),
                _ => {}
            }
        }
        if chunked {
            self.chunks(&mut reply.body).await?;
        } else {
            reply.body.resize(length, 0);
            self.stream.read_exact(&mut reply.body).await?;
        }
        Ok(reply)
    }

    async fn line(&mut self) -> Result<String> {
        self.line.clear();
        if self.stream.read_until(b'\n', &mut self.line).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(String::from_utf8_lossy(&self.line).trim_end().to_owned())
    }

    async fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let size = usize::from_str_radix(&self.line().await?, 16)?;
            let from = body.len();
            body.resize(from + size, 0);
            self.stream.read_exact(&mut body[from..]).await?;
            self.line().await?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}

pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\n{cookie}\r\n").into_bytes()
}

/// What the browser's part sends when it calls a server function.
pub fn call(path: &str, fields: &[(&str, &str)], cookie: &str) -> Vec<u8> {
    call_from(path, fields, cookie, "127.0.0.1")
}

/// As [`call`], from a phone at an address.
pub fn call_from(path: &str, fields: &[(&str, &str)], cookie: &str, addr: &str) -> Vec<u8> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let body = body.join("&");
    let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\nx-forwarded-for: {addr}\r\n\
         sec-fetch-site: same-origin\r\n{cookie}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}
