//! The pages in Chromium, as people meet them: opened, walked through by keyboard, with scripts off, in the dark, on a
//! phone, on paper, judged by axe, and with texts that mean harm.
//!
//! Where there is no Chromium these tests say so and pass; with `DEMARCHE_BROWSER_TESTS=required` they fail.

#[path = "browser/chromium.rs"]
mod chromium;
mod site;

use chromium::{Chromium, Tab};
use serde_json::{Value, json};
use site::{Site, scratch};
use std::io::Write;

/// A browser, where this machine has one.
fn browser() -> Option<Chromium> {
    if let Some(program) = chromium::found() {
        return Some(Chromium::start(&program));
    }
    let required = std::env::var("DEMARCHE_BROWSER_TESTS").is_ok_and(|value| value == "required");
    assert!(!required, "DEMARCHE_BROWSER_TESTS=required, and there is no Chromium on the PATH");
    // Past the capture of a test that passes.
    let line = "\nBROWSER TESTS DID NOT RUN: no Chromium on the PATH (hint: apt-get install chromium)\n";
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}

/// All that was folded, opened: nothing may hide there.
const UNFOLD: &str = "document.querySelectorAll('details').forEach(d => { d.open = true; })";

/// What does not fit into the width of the window: the page as a whole, and of it the first words or thing that stand out.
const BEYOND: &str = "(() => {
    const wide = document.documentElement.scrollWidth, room = WIDTH;
    if (wide <= room) return '';
    const clipped = e => { for (let p = e; p; p = p.parentElement) { if (getComputedStyle(p).overflowX !== 'visible') return true; } return false; };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL), range = document.createRange();
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        if (n.nodeType !== 3 && (n.nodeType !== 1 || n.firstChild)) continue;
        range.selectNode(n);
        if (range.getBoundingClientRect().right > room + 1 && !clipped(n.nodeType === 1 ? n : n.parentElement))
            return `${wide} wide: ${n.parentElement.outerHTML.slice(0, 160)}`;
    }
    return `${wide} wide`;
})()";

fn beyond(tab: &mut Tab, width: u32) -> Option<String> {
    Some(tab.text(&BEYOND.replace("WIDTH", &width.to_string()))).filter(|fault| !fault.is_empty())
}

#[test]
fn pages_open_without_a_fault_on_screen_phone_and_paper() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    let mut faults = Vec::new();
    let targets = site.openable();
    for target in &targets {
        let mut found = Vec::new();
        tab.size(1200, 900, false);
        tab.media("light", "");
        tab.open(&site.url(target));
        tab.eval(UNFOLD);
        found.extend(beyond(&mut tab, 1200).map(|f| format!("at 1200: {f}")));
        tab.size(390, 800, true);
        tab.settle(60);
        found.extend(beyond(&mut tab, 390).map(|f| format!("on a phone: {f}")));
        // Paper is white, whatever the screen is.
        tab.size(720, 1000, false);
        tab.media("dark", "print");
        found.extend(beyond(&mut tab, 720).map(|f| format!("on paper: {f}")));
        let paper = tab
            .text("getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).color");
        if !paper.starts_with("rgb(255, 255, 255)") || !paper.ends_with("rgb(0, 0, 0)") {
            found.push(format!("on paper: {paper}"));
        }
        if tab.eval("!!document.querySelector('header.top')?.checkVisibility()") == true {
            found.push("on paper: the ways to other pages".to_string());
        }
        found.extend(tab.faults());
        faults.extend(found.iter().map(|fault| format!("{target}: {fault}")));
    }
    tab.media("dark", "");
    tab.open(&site.url("/"));
    assert!(tab.paper().starts_with(b"%PDF"), "no paper");
    assert!(faults.is_empty(), "{} faults on {} pages:\n{}", faults.len(), targets.len(), faults.join("\n"));
}

#[test]
fn axe_finds_nothing_serious_in_light_and_dark() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    let mut faults = Vec::new();
    let targets = site.openable();
    for target in &targets {
        tab.size(1200, 900, false);
        tab.media("light", "");
        tab.open(&site.url(target));
        tab.eval(UNFOLD);
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            tab.media(scheme, "");
            tab.settle(50);
            grounds.push(tab.text("getComputedStyle(document.documentElement).backgroundColor"));
            faults.extend(axe(&mut tab).iter().map(|fault| format!("{target} in the {scheme}: {fault}")));
        }
        assert_ne!(grounds[0], grounds[1], "{target}: the dark is no darker");
    }
    assert!(faults.is_empty(), "{} faults on {} pages:\n{}", faults.len(), targets.len(), faults.join("\n"));
}

/// What axe calls serious or critical.
fn axe(tab: &mut Tab) -> Vec<String> {
    if tab.eval("typeof axe") == "undefined" {
        tab.eval(&format!("{}; 0", include_str!("browser/axe.min.js")));
    }
    let found = tab.eval(
        "axe.run(document, { resultTypes: ['violations'], preload: false }).then(r => r.violations
            .filter(v => ['serious', 'critical'].includes(v.impact))
            .flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id}: ${n.html.slice(0, 160)} ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ''}`)))",
    );
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
}

/// What can take the focus, in order; kept by the page for [`FOCUSED`].
const FOCUSABLE: &str = "(window.focusable = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]')]
    .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0), focusable.length)";

/// Which of them has the focus, and whether one sees it.
const FOCUSED: &str = "(() => {
    const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
    const ring = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    // A mark of a plot has a line around it, its words one below.
    const marked = s => s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2.5 || s.textDecorationLine === 'underline';
    return { at: focusable.indexOf(e), seen: r.width > 0 && r.right > 0 && (ring(s) || e.ownerSVGElement && [...e.querySelectorAll('*')].map(c => getComputedStyle(c)).some(marked)),
        what: `<${e.tagName.toLowerCase()} class='${e.getAttribute('class') || ''}'> ${(e.textContent || e.name || '').trim().slice(0, 40)}` };
})()";

#[test]
fn the_keyboard_reaches_all_and_one_sees_where_it_is() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    let mut faults = Vec::new();
    for page in site.shown() {
        let target = page.target("");
        tab.open(&site.url(&target));
        let count = tab.eval(FOCUSABLE).as_u64().expect("a number");
        assert!(count >= 8, "{target}: only {count} to reach");
        let mut next = 0;
        // Some hundreds stand for the rest of a long list.
        for _ in 0..count.min(300) {
            tab.key("Tab");
            let focused = tab.eval(FOCUSED);
            let what = focused["what"].as_str().unwrap_or_default().to_string();
            // Radio buttons of one name are one stop.
            if focused["at"].as_u64().is_none_or(|at| at < next) {
                faults.push(format!("{target}: after {next} of {count} comes {what}"));
                break;
            }
            if focused["seen"] != true {
                faults.push(format!("{target}: the focus on {what} is not seen"));
            }
            let at = focused["at"].as_u64().unwrap_or_default();
            if at > next {
                let passed = tab.text(&format!("focusable.slice({next}, {at}).filter(e => e.type !== 'radio').map(e => e.outerHTML.slice(0, 80)).join(' ')"));
                if !passed.is_empty() {
                    faults.push(format!("{target}: passes over {passed}"));
                }
            }
            next = at + 1;
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_way_through_the_site_without_a_mouse() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    tab.open(&site.url("/"));
    // Past the ways to other pages.
    tab.key("Tab");
    assert_eq!(tab.text("document.activeElement.className"), "skip");
    tab.key("Enter");
    tab.settle(50);
    assert_eq!(tab.text("location.hash"), "#main");
    tab.key("Tab");
    assert_eq!(tab.eval("!!document.activeElement.closest('main')"), true, "the skip link skips nothing");
    // A few words lead to a dyad.
    tab.open(&site.url("/"));
    while tab.text("document.activeElement.id") != "go" {
        tab.key("Tab");
    }
    tab.write("RUS-UKR");
    tab.led(|tab| tab.key("Enter"));
    assert_eq!(tab.address(), site.url("/dyad/RUS/UKR"));
    // What is folded opens; its table can be scrolled by keys.
    tab.focus("figure summary");
    tab.key("Enter");
    tab.settle(50);
    assert_eq!(tab.eval("document.querySelector('figure details').open"), true);
    while tab.eval("document.activeElement.matches('figure .scroll')") != true {
        tab.key("Tab");
        assert_eq!(tab.eval("!!document.activeElement.closest('figure')"), true, "its table is not reached");
    }
    // A row leads on.
    tab.focus("ul.events a[href^='/']");
    let to = tab.text("document.activeElement.getAttribute('href')");
    tab.led(|tab| tab.key("Enter"));
    assert_eq!(tab.text("location.pathname + location.search + location.hash"), to);
    assert_eq!(tab.faults(), Vec::<String>::new());
}

#[test]
fn everything_works_with_scripts_off() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    tab.scripts(false);
    let mut faults = Vec::new();
    for page in site.shown() {
        let target = page.target("");
        tab.open(&site.url(&target));
        faults.extend(tab.faults().iter().map(|fault| format!("{target}: {fault}")));
        // What only scripts can serve is not shown without them.
        let dead = tab.text("[...document.querySelectorAll('main button')].filter(b => b.checkVisibility() && !b.form).map(b => b.textContent).join(', ')");
        if !dead.is_empty() {
            faults.push(format!("{target}: buttons that do nothing: {dead}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    tab.open(&site.url("/"));
    tab.focus("#go");
    tab.write("RUS-UKR");
    tab.led(|tab| tab.key("Enter"));
    assert_eq!(tab.address(), site.url("/dyad/RUS/UKR"));
    tab.click(".bounds summary");
    tab.focus(".bounds input[name=from]");
    tab.write("2025-06");
    tab.led(|tab| tab.key("Enter"));
    assert!(tab.address().contains("from=2025-06"), "{}", tab.address());
    assert_eq!(tab.eval("document.querySelector('.bounds').open"), true, "bounds that hold are shown");
    assert!(tab.eval("document.querySelectorAll('ul.events li').length").as_u64() > Some(0));
}

#[test]
fn a_slider_moves_the_months_and_the_address_with_them() {
    let Some(browser) = browser() else { return };
    let site = Site::new();
    let mut tab = browser.tab();
    for page in ["/world", "/network"] {
        tab.open(&site.url(&format!("{page}?from=2025-03&until=2025-04")));
        tab.focus("#slide");
        tab.key("ArrowRight");
        tab.settle(1500);
        assert_eq!(tab.address(), site.url(&format!("{page}?from=2025-04&until=2025-05")));
        let heading = tab.text("document.querySelector('h1').textContent");
        assert!(heading.contains("April 2025"), "{heading}");
        assert_eq!(tab.text("document.activeElement.id"), "slide", "the focus stays");
        assert_eq!(tab.text("document.activeElement.getAttribute('aria-valuetext')"), "April 2025");
        let csv = tab.text("document.querySelector('footer .shapes a:last-of-type').getAttribute('href')");
        assert!(csv.contains("from=2025-04"), "{csv}");
    }
}

#[test]
fn an_article_is_read_by_keys_and_by_a_form() {
    let Some(browser) = browser() else { return };
    let site = Site::over(None, &[]);
    let article = std::fs::read_to_string(site::example("saudi-iran.txt")).expect("an example");
    let mut tab = browser.tab();
    for scripts in [true, false] {
        tab.scripts(scripts);
        tab.open(&site.url("/read"));
        tab.focus("main form[method=post] textarea");
        tab.write(&article);
        tab.led(|tab| {
            tab.focus("main form[method=post] button:not([type=button])");
            tab.key("Enter");
        });
        assert_eq!(
            tab.text("document.querySelector('h1').textContent"),
            "Iran and Saudi Arabia agree to restore ties after talks in China"
        );
        assert!(
            tab.eval("document.querySelectorAll('.row[data-row=event]').length").as_u64() > Some(4),
            "scripts: {scripts}"
        );
        // Why is folded, and opens without a script.
        tab.focus(".row details.why summary");
        tab.key("Enter");
        tab.settle(50);
        assert_eq!(tab.eval("document.querySelector('.row details.why').open"), true, "scripts: {scripts}");
        assert_eq!(tab.faults(), Vec::<String>::new(), "scripts: {scripts}");
    }
    // Keys go from event to event; what belongs together lights up together.
    tab.scripts(true);
    tab.open(&site.url(&format!(
        "/read?text={}",
        site::encoded("Theresa May met Donald Trump in Washington on Friday. France condemned Russia on Saturday.")
    )));
    let chosen = "[...document.querySelectorAll('.row[data-row=event]')].findIndex(r => r.classList.contains('lit'))";
    let lit = "[...document.querySelectorAll('.text .lit[data-lit=trigger]')].map(e => e.textContent).join()";
    for (key, row, words) in [("j", 0, "met"), ("j", 1, "condemned"), ("k", 0, "met")] {
        tab.key(key);
        tab.settle(50);
        assert_eq!(tab.eval(chosen), row, "after {key}");
        assert!(tab.text(lit).contains(words), "after {key}: {}", tab.text(lit));
    }
    assert_eq!(tab.faults(), Vec::<String>::new());
}

#[test]
fn a_correction_is_written_by_keys_once_the_token_was_entered() {
    let Some(browser) = browser() else { return };
    let ledger = scratch("corrected.db");
    site::ingest(&ledger, &[site::example("ledger/ukraine.jsonl")]);
    let site = Site::over(Some(&ledger), &["--token", "mellon"]);
    let mut tab = browser.tab();
    let log = |site: &Site| site.get("/corrections.json").text().matches("read the page").count();
    let judge = |tab: &mut Tab| {
        tab.open(&site.url("/corrections"));
        tab.focus("input[name=author]");
        tab.key_with("a", 2);
        tab.write("A. Reader");
        tab.focus("input[name=reason]");
        tab.write("read the page");
        // The keys are for events, not for what is typed.
        tab.eval("document.activeElement.blur(); 0");
        tab.key("j");
        tab.key("j");
        tab.led(|tab| tab.key("a"));
    };
    // Who may not write is shown the command that does the same.
    judge(&mut tab);
    assert!(tab.text("document.querySelector('main').innerText").contains("demarche correct e-"), "no command");
    assert_eq!(log(&site), 0, "written without the token");
    tab.open(&site.url("/token"));
    tab.focus("input[name=token]");
    tab.write("mellon");
    tab.led(|tab| tab.key("Enter"));
    judge(&mut tab);
    assert_eq!(log(&site), 1, "{}", tab.text("document.querySelector('main').innerText.slice(0, 500)"));
    assert!(tab.text("document.querySelector('main').innerText").contains("A. Reader"), "the log does not show it");
    assert_eq!(tab.faults(), Vec::<String>::new());
}

/// Whether anything of somebody's text has come to life, or stands where it may turn the words of the page around.
fn alive(tab: &mut Tab) -> Vec<String> {
    let mut faults = tab.faults();
    let found = tab.eval(
        "(() => {
            const faults = [];
            if (typeof hit !== 'undefined') faults.push('a script of the text ran');
            const own = [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || a.name === 'style' || a.name === 'srcdoc'));
            for (const e of own) faults.push('inline: ' + e.outerHTML.slice(0, 120));
            for (const e of document.querySelectorAll('main script:not([src^=\"/static/\"]), iframe, object, embed, base, body link, body style, meta[http-equiv], main img, math, foreignObject')) faults.push('alive: ' + e.outerHTML.slice(0, 120));
            for (const e of document.links) if (!['http:', 'https:'].includes(e.protocol)) faults.push('a link runs: ' + e.outerHTML.slice(0, 120));
            for (const e of document.forms) if (new URL(e.action).origin !== location.origin) faults.push('a form to ' + e.action);
            const turns = /[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]/, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let n = walk.nextNode(); n; n = walk.nextNode()) if (turns.test(n.data)) {
                const held = (e) => e && e !== document.body && (/isolate|plaintext/.test(getComputedStyle(e).unicodeBidi) || /^(BLOCKQUOTE|H1|H2|PRE|TD|TEXT)$/i.test(e.tagName) || held(e.parentElement));
                if (!held(n.parentElement)) faults.push('turns the line around: ' + n.parentElement.outerHTML.slice(0, 120));
            }
            if (turns.test(document.title)) faults.push('turns the title around');
            return faults;
        })()",
    );
    faults.extend(found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string));
    faults
}

/// Markup that runs, asks elsewhere or turns lines around, wherever it is let in.
const HARM: &str = "<script>hit=1;alert(1)</script><img src=x onerror=\"hit=1\"><img src=http://evil.example/p.png>\
    <svg onload=\"hit=1\"><script>hit=1</script><a xlink:href=\"javascript:hit=1\"><text>x</text></a></svg>\
    <a href=\"javascript:hit=1\" onclick=\"hit=1\" onmouseover=\"hit=1\">here</a><iframe srcdoc=\"<script>parent.hit=1</script>\"></iframe>\
    <iframe src=\"javascript:parent.hit=1\"></iframe><object data=\"data:text/html,<script>hit=1</script>\"></object>\
    <math><mtext></math><style>*{background:url(http://evil.example/)}</style><link rel=stylesheet href=http://evil.example/s.css>\
    <base href=http://evil.example/><meta http-equiv=refresh content=\"0;url=http://evil.example/\"><form action=http://evil.example/><button>go</button></form>\
    \"'></textarea></title></blockquote></main><body onload=hit=1>{{hit=1}}\u{202e}drawkcab\u{2066}\u{200f}";

/// An article in which events stand among harm.
fn harmful_page(filler: usize) -> String {
    let mut page = format!(
        "<!doctype html><html><head><title>Russia attacked Ukraine {HARM}</title><meta name=author content='{}'>{HARM}</head><body onload=\"hit=1\"><article><h1>Russia attacked Ukraine</h1>\
         <p onclick=\"hit=1\">Russia attacked Ukraine on Monday, President Vladimir Putin said. {HARM}</p>",
        HARM.replace('\'', "&#39;")
    );
    // Half of it deep, half of it wide.
    page.push_str(&"<div onmouseover=\"hit=1\">".repeat(filler / 60));
    page.push_str("<p>Germany &lt;script&gt;hit=1&lt;/script&gt; condemned Russia on Tuesday over \u{202e}eht kcatta\u{202c}.</p>");
    page.push_str(&"</div>".repeat(filler / 60));
    while page.len() < filler {
        page.push_str("<b onclick=\"hit=1\" style=\"background:url(http://evil.example/)\"><img src=http://evil.example/p.png onerror=hit=1></b>");
    }
    page.push_str("<p>France praised Ukraine on Wednesday.</p></article></body></html>");
    page
}

#[test]
fn a_harmful_article_does_nothing() {
    let Some(browser) = browser() else { return };
    let site = Site::over(None, &[]);
    let mut tab = browser.tab();
    let line = json!({ "title": HARM, "publisher": HARM, "byline": HARM, "author": HARM, "url": "javascript:hit=1", "published": "2025-03-04",
        "text": format!("Russia attacked Ukraine on Monday. {HARM}\n\nPresident Putin \u{202e}said{HARM} that France condemned Germany.") });
    let plain = format!(
        "Title: {HARM}\nDate: 2025-03-04\nPublisher: {HARM}\n\nRussia attacked {HARM} Ukraine on Monday. {HARM}\n\nGermany condemned Russia on Tuesday."
    );
    let articles = [
        ("a page", harmful_page(0)),
        ("a record", line.to_string()),
        ("plain text", plain),
        ("five megabytes", harmful_page(5 << 20)),
    ];
    let mut faults = Vec::new();
    for (name, article) in articles {
        tab.open(&site.url("/read"));
        let text = serde_json::to_string(&article).expect("a text");
        tab.eval(&format!("document.querySelector('main form[method=post] textarea').value = {text}; 0"));
        tab.led(|tab| {
            tab.eval("document.querySelector('main form[method=post]').requestSubmit(); 0");
        });
        let events = tab.eval("document.querySelectorAll('.row[data-row=event]').length").as_u64().unwrap_or_default();
        if events == 0 {
            faults.push(format!(
                "{name}: nothing is read: {}",
                tab.text("document.querySelector('main').innerText.slice(0, 300)")
            ));
        }
        tab.eval(UNFOLD);
        // Nor does anything wait for a pointer or a key.
        tab.key("j");
        tab.eval("for (const e of document.querySelectorAll('main *')) for (const kind of ['mouseover', 'click']) if (!e.closest('a, button, summary, label, input')) e.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true })); 0");
        tab.settle(200);
        faults.extend(alive(&mut tab).iter().map(|fault| format!("{name}: {fault}")));
        faults.extend(beyond(&mut tab, 1200).map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_ledger_of_harmful_articles_does_nothing() {
    let Some(browser) = browser() else { return };
    let articles = scratch("harm.jsonl");
    let mut lines = String::new();
    for n in 1..=12 {
        let record = json!({ "title": format!("{n} {HARM}"), "publisher": format!("{n} {HARM}"), "byline": HARM, "section": HARM, "kind": HARM,
            "url": if n % 2 == 0 { format!("javascript:hit={n}") } else { format!("https://evil.example/{n}?\"><script>hit=1</script>") },
            "published": format!("2025-03-{n:02}"),
            "text": format!("Russia attacked Ukraine on Monday. {HARM} \n\nUkraine condemned Russia{HARM} on Tuesday in Kyiv{HARM}. \
                “We attacked Ukraine {HARM}”, President \u{202e}Vladimir Putin said.") });
        lines.push_str(&format!("{record}\n"));
    }
    std::fs::write(&articles, lines).expect("a file");
    let ledger = scratch("harm.db");
    site::ingest(&ledger, &[articles]);
    let site = Site::over(Some(&ledger), &[]);
    let mut tab = browser.tab();
    let mut faults = Vec::new();
    let mut targets = site.openable();
    // It has one run, and nobody corrected it.
    targets.retain(|target| site.get(target).status == 200);
    for target in &targets {
        tab.open(&site.url(target));
        tab.eval(UNFOLD);
        tab.settle(50);
        faults.extend(alive(&mut tab).iter().map(|fault| format!("{target}: {fault}")));
    }
    assert!(
        tab.eval("1") == 1 && site.get("/dyad/RUS/UKR").text().contains("/event/"),
        "the ledger has nothing to show"
    );
    assert!(faults.is_empty(), "{} faults on {} pages:\n{}", faults.len(), targets.len(), faults.join("\n"));
}
