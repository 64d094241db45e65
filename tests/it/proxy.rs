//! Stands between the program and a store, and lets the n-th request go wrong.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection ends, and the store never heard of it.
    Dropped,
    /// This status, and the store never heard of it.
    Status(u16),
    /// The answer breaks off halfway.
    Cut,
    /// A second late.
    Late,
    /// The store did it, and the connection ends before the answer.
    Unconfirmed,
}

pub struct Proxy {
    pub at: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    store: SocketAddr,
    /// What goes wrong at which request, from 0, and whether also at all later ones.
    plan: Mutex<Option<(Trouble, usize, bool)>>,
    requests: AtomicUsize,
}

impl Proxy {
    /// Threads of it end with the process.
    pub fn before(store: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { store, plan: Mutex::new(None), requests: AtomicUsize::new(0) });
        let for_all = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let shared = Arc::clone(&for_all);
                // A client that goes away ends nothing but its own connection.
                thread::spawn(move || shared.serve(connection));
            }
        });
        Self { at, shared }
    }

    /// From now on, counting anew.
    pub fn plan(&self, plan: Option<(Trouble, usize, bool)>) {
        *self.shared.plan.lock().unwrap() = plan;
        self.shared.requests.store(0, Ordering::SeqCst);
    }

    /// Since the last plan.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }
}

impl Shared {
    /// One request for each connection.
    fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        let Some(request) = read_request(&client)? else { return Ok(()) };
        let n = self.requests.fetch_add(1, Ordering::SeqCst);
        let plan = *self.plan.lock().unwrap();
        let trouble =
            plan.filter(|(_, at, lasts)| n == *at || (*lasts && n > *at)).map(|(trouble, ..)| trouble);
        match trouble {
            Some(Trouble::Dropped) => return Ok(()),
            Some(Trouble::Status(status)) => {
                let body = "<Error><Code>Trouble</Code><Message>planned</Message></Error>";
                let head = format!(
                    "HTTP/1.1 {status} Trouble\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                return client.write_all((head + body).as_bytes());
            }
            Some(Trouble::Late) => thread::sleep(Duration::from_secs(1)),
            _ => {}
        }
        let mut store = TcpStream::connect(self.store)?;
        store.write_all(&request)?;
        let mut answer = Vec::new();
        store.read_to_end(&mut answer)?;
        match trouble {
            Some(Trouble::Unconfirmed) => Ok(()),
            Some(Trouble::Cut) => client.write_all(&answer[..answer.len() / 2]),
            _ => client.write_all(&answer),
        }
    }
}

/// Head and body as they are to be sent on; nothing if the client only opened the line.
fn read_request(client: &TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut reader = BufReader::new(client);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_lowercase();
        if let Some(said) = lower.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap_or(0);
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut request = (head + "Connection: close\r\n\r\n").into_bytes();
    let start = request.len();
    request.resize(start + length, 0);
    reader.read_exact(&mut request[start..])?;
    Ok(Some(request))
}
