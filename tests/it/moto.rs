//! A real S3 server: moto, from PyPI, on a port of this machine.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use luopan::lake::store::Location;
use object_store::{ObjectStore, ObjectStoreExt, aws::AmazonS3Builder};

pub const BUCKET: &str = "acme";
pub const KEY_ID: &str = "AKIAOFNOBODY";
/// What must be seen nowhere.
pub const SECRETS: [&str; 2] = ["hunter2/SecretKeyOfNobody", "session+token/of/nobody"];

pub struct Moto {
    server: Child,
    pub at: SocketAddr,
}

impl Moto {
    /// A server with one empty bucket; nothing, loudly, where Python or moto are missing.
    pub fn start() -> Option<Self> {
        let program = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let python = |args: &[&str]| {
            Command::new(&program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status()
        };
        if !python(&["-c", "import moto.server"]).is_ok_and(|status| status.success()) {
            assert!(
                std::env::var_os("CI_NEEDS_MOTO").is_none(),
                "CI_NEEDS_MOTO is set, and there is no moto"
            );
            eprintln!("SKIPPED: no python3 with moto (pip install 'moto[server]')");
            return None;
        }
        let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let port = at.port().to_string();
        let server = Command::new(&program)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 starts");
        let moto = Self { server, at };
        for _ in 0..600 {
            if TcpStream::connect(at).is_ok() {
                moto.make_bucket();
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto does not answer within a minute");
    }

    fn make_bucket(&self) {
        let mut connection = TcpStream::connect(self.at).unwrap();
        // The credential's region is read, its signature is not.
        let request = format!(
            "PUT /{BUCKET} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\nAuthorization: AWS4-HMAC-SHA256 Credential={KEY_ID}/20260401/us-east-1/s3/aws4_request\r\n\r\n",
            self.at
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// A client of the tests, not of the program.
    pub fn location(&self, prefix: &str) -> Location {
        let store = AmazonS3Builder::new()
            .with_bucket_name(BUCKET)
            .with_endpoint(format!("http://{}", self.at))
            .with_region("us-east-1")
            .with_access_key_id(KEY_ID)
            .with_secret_access_key(SECRETS[0])
            .with_allow_http(true)
            .build()
            .unwrap();
        Location {
            store: Arc::new(store) as Arc<dyn ObjectStore>,
            prefix: prefix.into(),
            url: format!("s3://{BUCKET}/{prefix}"),
            object_store_url: format!("s3://{BUCKET}").parse().unwrap(),
            local: None,
        }
    }

    pub async fn put(&self, prefix: &str, files: &BTreeMap<String, bytes::Bytes>) {
        let location = self.location(prefix);
        for (path, bytes) in files {
            location.store.put(&location.path(path), bytes.clone().into()).await.unwrap();
        }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Credentials as people give them.
pub fn variables() -> [(&'static str, &'static str); 3] {
    [("AWS_ACCESS_KEY_ID", KEY_ID), ("AWS_SECRET_ACCESS_KEY", SECRETS[0]), ("AWS_SESSION_TOKEN", SECRETS[1])]
}

/// Of a pipeline whose store answers there.
pub fn storage(at: SocketAddr) -> String {
    format!("[storage]\nendpoint = \"http://{at}\"\nregion = \"us-east-1\"\nallow_http = true\n")
}
