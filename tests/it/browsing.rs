//! What tests do with an open page: ask it, press keys, and hear what it complains of.

use std::{
    env, fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::chromium::Browser;

impl Browser {
    /// What an expression of JavaScript gives; a promise is waited for.
    #[track_caller]
    pub fn evaluate(&mut self, script: &str) -> Value {
        self.try_evaluate(script).unwrap_or_else(|e| panic!("{e}\nin {script}\non {}", self.url))
    }

    /// As [`Self::evaluate`], for `script` as a function that is given `argument`.
    #[track_caller]
    pub fn apply(&mut self, script: &str, argument: impl Into<Value>) -> Value {
        let script = format!("({script})({})", argument.into());
        self.evaluate(&script)
    }

    /// As [`Self::evaluate`], but what the page throws, or a page that gives no answer, is an error.
    pub fn try_evaluate(&mut self, script: &str) -> Result<Value, String> {
        let asked =
            json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let answer = self.try_call("Runtime.evaluate", asked)?;
        match answer.get("exceptionDetails") {
            Some(thrown) => Err(thrown.to_string()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_until(&mut self, script: &str) {
        let start = Instant::now();
        while self.evaluate(script) != Value::Bool(true) {
            assert!(start.elapsed() < Duration::from_secs(10), "never true: {script}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses and releases a key: its name as JavaScript has it, such as `Tab`, `Enter` or `ArrowDown`.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let (code, typed) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            other => panic!("the key {other} has no code here"),
        };
        let mut event = json!({ "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code, "text": typed });
        self.call("Input.dispatchKeyEvent", event.clone());
        event["type"] = "keyUp".into();
        self.call("Input.dispatchKeyEvent", event);
    }

    /// Types into what has the focus.
    #[track_caller]
    pub fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Scrolls to the first element that a selector finds, and clicks into its middle.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = self.apply(
            "async (selector) => {
                const one = document.querySelector(selector);
                if (!one) throw new Error('nothing is ' + selector);
                one.scrollIntoView({ block: 'center' });
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                const { left, top, width, height } = one.getBoundingClientRect();
                return [left + width / 2, top + height / 2];
            }",
            selector,
        );
        let at = [0, 1].map(|i| place[i].as_f64().expect("a place"));
        self.point_at(at);
        self.press_at(at);
    }

    /// Moves the mouse to a point of the window.
    #[track_caller]
    pub fn point_at(&mut self, at: [f64; 2]) {
        self.mouse("mouseMoved", at, json!({ "button": "none" }));
    }

    #[track_caller]
    pub fn press_at(&mut self, at: [f64; 2]) {
        self.mouse("mousePressed", at, json!({ "button": "left", "buttons": 1, "clickCount": 1 }));
        self.mouse("mouseReleased", at, json!({ "button": "left", "buttons": 0, "clickCount": 1 }));
    }

    #[track_caller]
    fn mouse(&mut self, kind: &str, [x, y]: [f64; 2], mut event: Value) {
        (event["type"], event["x"], event["y"]) = (kind.into(), x.into(), y.into());
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Errors and warnings of the page since it was opened: what its scripts logged or threw, and what its policy refused.
    pub fn complaints(&self) -> Vec<String> {
        let is_grave = |level: &Value| matches!(level.as_str(), Some("error" | "warning" | "assert"));
        let grave = |event: &&Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => is_grave(&event["params"]["type"]),
            Some("Log.entryAdded") => is_grave(&event["params"]["entry"]["level"]),
            _ => false,
        };
        self.heard.iter().filter(grave).map(|event| event["params"].to_string()).collect()
    }

    /// What the page asked for since it was opened, but for itself and what it carries.
    pub fn requests(&self) -> Vec<String> {
        let sent = self.heard.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|event| text(&event["params"]["request"]["url"]));
        urls.filter(|url| !url.starts_with("data:") && url.split('#').next() != Some(&self.url)).collect()
    }

    /// How many sheets of paper the page takes.
    #[track_caller]
    pub fn sheets(&mut self, name: &str) -> usize {
        let asked = json!({ "preferCSSPageSize": true, "printBackground": true });
        let pdf = decoded(&self.call("Page.printToPDF", asked)["data"]);
        keep(&format!("{name}.pdf"), &pdf);
        let mark = b"/Type /Page";
        pdf.windows(mark.len() + 1).filter(|part| part.starts_with(mark) && !part.ends_with(b"s")).count()
    }

    /// A picture of the whole page, for people: only where LUOPAN_SCREENSHOTS names a folder.
    #[track_caller]
    pub fn picture(&mut self, name: &str) {
        if env::var_os("LUOPAN_SCREENSHOTS").is_none() {
            return;
        }
        self.evaluate("scrollTo(0, 0)");
        let size = self.call("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let height = size["height"].as_f64().unwrap_or(900.0).min(16_000.0);
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1 });
        let answer =
            self.call("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        keep(&format!("{name}.png"), &decoded(&answer["data"]));
    }
}

/// Writes a file for people to look at, where LUOPAN_SCREENSHOTS names a folder.
fn keep(name: &str, bytes: &[u8]) {
    let Some(folder) = env::var_os("LUOPAN_SCREENSHOTS").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(name), bytes))
        .expect("a writable folder");
}

fn decoded(data: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(data.as_str().unwrap_or_default()).expect("base64")
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_a_page_does_wrong_is_heard() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("bad.html");
    let text = "<!DOCTYPE html><html>
        <meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline'; style-src 'none'; img-src *\">
        <style>body { color: red }</style><pre>%</pre><img src='http://127.0.0.1:9/a.png'>
        <script>console.warn('w'); setTimeout(() => { throw 'e'; }); document.documentElement.dataset.ready = '1'</script>";
    let text = text.replace('%', &"wide ".repeat(200));
    fs::write(&page, text).unwrap();
    browser.open(&page, "", (390, 844));
    browser.evaluate("new Promise((done) => setTimeout(done, 300))");
    let heard = browser.complaints().join("\n");
    for part in ["\"warning\"", "exceptionDetails", "Content Security Policy", "net::ERR"] {
        assert!(heard.contains(part), "{part}: {heard}");
    }
    assert_eq!(browser.requests(), ["http://127.0.0.1:9/a.png"]);
    assert_eq!(browser.evaluate("document.scrollingElement.scrollWidth - innerWidth > 0"), true);
    assert_eq!(browser.sheets("bad"), 1);
}
