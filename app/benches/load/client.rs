//! A small HTTP/1.1 client for one kept-alive connection to this machine, so that measuring costs little beside the server; it speaks no TLS and follows nothing.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What is asked, as a browser with a session would.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    /// The session's token; empty for the public.
    pub session: String,
    pub accept: &'static str,
    /// Form fields, encoded; empty for none.
    pub form: String,
}

impl Request {
    pub fn get(path: impl Into<String>, session: &str) -> Self {
        Self { method: "GET", path: path.into(), session: session.to_owned(), accept: "text/html", form: String::new() }
    }

    /// A form posted by a program: the answer is JSON.
    pub fn post(path: impl Into<String>, session: &str, form: &str) -> Self {
        Self {
            method: "POST",
            path: path.into(),
            session: session.to_owned(),
            accept: "application/json",
            form: form.to_owned(),
        }
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let Self { method, path, session, accept, form } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept: {accept}\r\n");
        if !session.is_empty() {
            head.push_str(&format!("cookie: hiec_session={session}\r\n"));
        }
        if *method != "GET" {
            let length = form.len();
            head.push_str(&format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"));
        }
        format!("{head}\r\n{form}").into_bytes()
    }
}

/// What came back, whole.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub status: u16,
    pub location: String,
    pub body: Vec<u8>,
}

/// One connection, opened anew when it was closed.
pub struct Connection {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    /// To `127.0.0.1:8080`.
    pub fn to(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None }
    }

    /// Sends and waits for the whole answer. After an error the next call connects anew; nothing is ever sent twice.
    pub async fn send(&mut self, request: &Request) -> io::Result<Response> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address).await?;
                stream.set_nodelay(true)?;
                BufReader::with_capacity(64 << 10, stream)
            }
        };
        stream.get_mut().write_all(&request.bytes(&self.address)).await?;
        let (response, is_open) = read(&mut stream).await?;
        self.stream = is_open.then_some(stream);
        Ok(response)
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Response, bool)> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken("no status line"))?;
    let mut response = Response { status, ..Response::default() };
    let (mut length, mut is_chunked, mut is_open) = (0_usize, false, true);
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(|_| broken("a length that is no number"))?,
            "transfer-encoding" => is_chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => is_open = !value.eq_ignore_ascii_case("close"),
            "location" => response.location = value.to_owned(),
            _ => {}
        }
    }
    if is_chunked {
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(|_| broken("a chunk without a size"))?;
            let start = response.body.len();
            response.body.resize(start + size + 2, 0);
            stream.read_exact(&mut response.body[start..]).await?;
            response.body.truncate(start + size);
            if size == 0 {
                break;
            }
        }
    } else {
        response.body.resize(length, 0);
        stream.read_exact(&mut response.body).await?;
    }
    Ok((response, is_open))
}
