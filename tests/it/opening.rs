//! How tests open a page in a browser, and see to it that it is drawn.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    browsing::text,
    chromium::{Browser, PATIENCE},
};

impl Browser {
    /// Opens a file in a new tab of that many pixels, and says how long it took to be ready. `fragment` is what stands
    /// after the file's name, as `#risk`.
    #[track_caller]
    pub fn open(&mut self, page: &Path, fragment: &str, size: (u32, u32)) -> Duration {
        self.open_until(page, fragment, size, Self::draws)
    }

    /// Opens a page, and looks at each of its figures, since charts are drawn when they are looked at.
    #[track_caller]
    pub fn look(&mut self, page: &Path, size: (u32, u32)) {
        self.open_until(page, "", size, |browser| {
            let figures = "[...document.querySelectorAll('figure, footer')]";
            let count = browser.evaluate(&format!("{figures}.length")).as_u64().expect("a count");
            let drawn = (0..count).all(|i| {
                browser.evaluate(&format!("{figures}[{i}].scrollIntoView()"));
                browser.draws()
            });
            browser.evaluate("scrollTo(0, 0)");
            drawn && browser.draws()
        });
    }

    /// A frame once did not come within a minute, and all waited for it. So another browser opens what the first does
    /// not draw; a page at fault is not drawn by that either.
    #[track_caller]
    fn open_until(
        &mut self,
        page: &Path,
        fragment: &str,
        size: (u32, u32),
        drawn: fn(&mut Self) -> bool,
    ) -> Duration {
        for _ in 0..3 {
            let took = self.load(page, fragment, size);
            if drawn(self) {
                return took;
            }
            eprintln!("the browser does not draw {}, and another one is started", self.url);
            *self = Self::start().expect("a browser as before");
        }
        panic!("three browsers did not draw {}", page.display());
    }

    /// Whether the page is drawn anew, twice, in good time: what came into view before has been told so by then.
    fn draws(&mut self) -> bool {
        let asked = "new Promise((done) => {
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
            setTimeout(done, 20000, false);
        })";
        matches!(self.try_evaluate(asked), Ok(Value::Bool(true)))
    }

    #[track_caller]
    fn load(&mut self, page: &Path, fragment: &str, (width, height): (u32, u32)) -> Duration {
        let url = url::Url::from_file_path(page).expect("an absolute path").to_string();
        let before = std::mem::take(&mut self.target);
        let session = std::mem::take(&mut self.session);
        self.target = text(&self.call("Target.createTarget", json!({ "url": "about:blank" }))["targetId"]);
        let attach = json!({ "targetId": self.target, "flatten": true });
        let attached = text(&self.call("Target.attachToTarget", attach)["sessionId"]);
        if !session.is_empty() {
            self.call("Target.closeTarget", json!({ "targetId": before }));
        }
        (self.session, self.url) = (attached, url.clone());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        self.call("Page.bringToFront", json!({}));
        self.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
        self.heard.clear();
        let start = Instant::now();
        self.call("Page.navigate", json!({ "url": url + fragment }));
        self.wait_for_page(start)
    }

    #[track_caller]
    pub fn reload(&mut self) -> Duration {
        self.evaluate("window.isOfBefore = true");
        self.call("Page.reload", json!({}));
        self.wait_for_page(Instant::now())
    }

    #[track_caller]
    fn wait_for_page(&mut self, start: Instant) -> Duration {
        let ready = "location.protocol === 'file:' && !window.isOfBefore && document.readyState === 'complete' \
                     && !!document.documentElement.dataset.ready";
        while !matches!(self.try_evaluate(ready), Ok(Value::Bool(true))) {
            let complaints = self.complaints();
            assert!(
                start.elapsed() < PATIENCE,
                "{} does not say that it is ready: {complaints:#?}",
                self.url
            );
            thread::sleep(Duration::from_millis(20));
        }
        start.elapsed()
    }
}

#[test]
fn what_one_browser_does_not_draw_is_opened_in_another() {
    static TRIED: AtomicUsize = AtomicUsize::new(0);
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    fs::write(&page, "<!DOCTYPE html><script>document.documentElement.dataset.ready = '1'</script>").unwrap();
    browser.open(&page, "", (390, 844));
    assert!(browser.draws());
    // No frames, and no long wait for them.
    browser.evaluate(
        "(() => {
            const wait = setTimeout;
            requestAnimationFrame = () => 0;
            setTimeout = (done, _, told) => wait(done, 0, told);
        })()",
    );
    assert!(!browser.draws());
    let process = browser.id();
    browser.open_until(&page, "", (390, 844), |one| TRIED.fetch_add(1, Ordering::Relaxed) > 0 && one.draws());
    assert_ne!(browser.id(), process);
    assert_eq!(browser.evaluate("document.documentElement.dataset.ready"), "1");
}
