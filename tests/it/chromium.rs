//! A headless Chromium, driven over its DevTools protocol.

use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket, client::client_with_config, protocol::WebSocketConfig};

/// How long a browser may take to start, to answer, or to have a page ready, before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A browser of its own with one page open; it ends with the test.
pub struct Browser {
    process: Child,
    profile: TempDir,
    socket: WebSocket<TcpStream>,
    calls: u64,
    /// The open page: the protocol's names of its session and its tab, and its address.
    pub session: String,
    pub target: String,
    pub url: String,
    /// What the open page has reported since it was opened.
    pub heard: Vec<Value>,
}

impl Browser {
    /// Starts Chromium. `None` where there is none, and the test is skipped; with CI_NEEDS_CHROMIUM set it fails instead.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            assert!(
                env::var_os("CI_NEEDS_CHROMIUM").is_none(),
                "CI_NEEDS_CHROMIUM is set, and no browser is found"
            );
            eprintln!(
                "SKIPPED: no Chromium in PATH or $CHROMIUM: what the report does in a browser was not tested"
            );
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for a profile");
        let process = Command::new(&program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            // A tab that is not in front would get no frames.
            .args(["--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding"])
            .args(["--disable-extensions", "--hide-scrollbars", "--remote-debugging-port=0", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", program.display()));
        let socket = connected(&profile.path().join("DevToolsActivePort"));
        let (session, target, url) = Default::default();
        Some(Self { process, profile, socket, calls: 0, session, target, url, heard: Vec::new() })
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    pub fn try_call(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).map_err(|e| e.to_string())?;
        loop {
            let message = self.socket.read().map_err(|e| format!("no answer within {PATIENCE:?}: {e}"))?;
            let Message::Text(answer) = message else { continue };
            let answer: Value = serde_json::from_str(&answer).map_err(|e| e.to_string())?;
            if answer["id"] == self.calls {
                return match answer.get("error") {
                    Some(error) => Err(error.to_string()),
                    None => Ok(answer["result"].clone()),
                };
            }
            if answer["sessionId"] == self.session.as_str() {
                self.heard.push(answer);
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, it ends with all its processes; killed, only in case it does not listen.
        self.session.clear();
        let _ = self.try_call("Browser.close", json!({}));
        for _ in 0..100 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill().and_then(|()| self.process.wait());
        let _ = fs::remove_dir_all(self.profile.path());
    }
}

fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|named| !named.is_empty()) {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// The browser writes into this file where it listens.
fn connected(file: &Path) -> WebSocket<TcpStream> {
    let start = Instant::now();
    let (port, path) = loop {
        let written = fs::read_to_string(file).unwrap_or_default();
        if let Some((port, path)) = written.split_once('\n').filter(|(_, path)| !path.is_empty()) {
            break (port.to_owned(), path.trim().to_owned());
        }
        assert!(start.elapsed() < PATIENCE, "the browser does not say where it listens");
        thread::sleep(Duration::from_millis(20));
    };
    let address = format!("127.0.0.1:{port}");
    let stream = TcpStream::connect(&address).expect("the browser listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit to waiting");
    let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    client_with_config(format!("ws://{address}{path}"), stream, Some(config)).expect("the browser talks").0
}
