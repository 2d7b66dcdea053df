// A row lights up its words and words their rows; keys go from event to event. The page works without it.
"use strict";

{
  const ROLES = ["trigger", "actor", "recipient", "speaker", "cue", "said", "date", "place", "claim"];
  const reading = document.querySelector(".reading");
  const rows = new Map([...reading.querySelectorAll(".row")].map((row) => [row.id, row]));
  const events = [...reading.querySelectorAll('[data-row="event"]')];
  // What belongs to a record, by its id: stretches of the text with what they are to it.
  const words = new Map();
  for (const stretch of reading.querySelectorAll("h1 [class], .text [class]")) {
    for (const role of ROLES) {
      for (const id of (stretch.dataset[role] || "").split(" ").filter(Boolean)) {
        if (!words.has(id)) words.set(id, []);
        words.get(id).push([stretch, role]);
      }
    }
  }
  const idsOf = (stretch) => ROLES.flatMap((role) => (stretch.dataset[role] || "").split(" ")).filter(Boolean);

  let lit = [];
  let chosen = null;
  function light(ids) {
    for (const element of lit) {
      element.classList.remove("lit");
      delete element.dataset.lit;
    }
    lit = [];
    for (const id of ids) {
      const row = rows.get(id);
      if (row) lit.push(row);
      for (const [stretch, role] of words.get(id) || []) {
        // Of several roles the first one shows: the words of the act before its parties.
        if (!stretch.dataset.lit) stretch.dataset.lit = role;
        lit.push(stretch);
      }
    }
    for (const element of lit) element.classList.add("lit");
  }
  function back() {
    light(chosen ? [chosen] : []);
  }
  // At once: a scroll that takes its time is broken off by the next key.
  function into(element) {
    element.scrollIntoView({ block: "nearest" });
  }
  function choose(row) {
    chosen = row.id;
    row.focus({ preventScroll: true });
    into(row);
    const first = (words.get(row.id) || []).find(([, role]) => role === "trigger" || role === "claim");
    // Where the text stands beside the rows, both are seen at once; where it stands above them, the row goes first.
    if (first && getComputedStyle(reading.querySelector(".text")).position === "sticky") into(first[0]);
    back();
  }
  function near(target) {
    const row = target.closest(".row");
    if (row) return [row.id];
    for (let at = target; at && at !== reading; at = at.parentElement) {
      const ids = idsOf(at);
      if (ids.length) return ids;
    }
    return null;
  }
  for (const name of ["mouseover", "focusin"]) {
    reading.addEventListener(name, (event) => {
      const ids = near(event.target);
      if (ids) light(ids);
      else back();
    });
  }
  for (const name of ["mouseleave", "focusout"]) reading.addEventListener(name, back);
  reading.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = event.target.closest(".row");
    if (row) {
      chosen = row.id;
      return;
    }
    const ids = near(event.target) || [];
    const to = ids.map((id) => rows.get(id)).find((row) => row && row.dataset.row === "event");
    if (to) {
      event.preventDefault();
      chosen = to.id;
      into(to);
      back();
    }
  });

  const boxes = [...reading.querySelectorAll("[data-layer]")];
  // The address is the whole state: what is switched stays switched in a link.
  function remember() {
    if (!("addressed" in reading.dataset)) return;
    const on = boxes.filter((box) => box.checked).map((box) => box.dataset.layer);
    const url = new URL(location.href);
    if (on.length === boxes.length) url.searchParams.delete("layers");
    else url.searchParams.set("layers", on.join(",") || "none");
    history.replaceState(null, "", url);
  }
  for (const box of boxes) box.addEventListener("change", remember);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step && events.length) {
      const at = events.findIndex((row) => row.id === chosen);
      const next = at < 0 ? (step > 0 ? 0 : events.length - 1) : at + step;
      if (events[next]) choose(events[next]);
    } else if (event.key === "w" && rows.get(chosen)) {
      const why = rows.get(chosen).querySelector("details.why");
      if (why) why.open = !why.open;
    } else if (event.key === "?") {
      const keys = document.getElementById("keys");
      keys.open = !keys.open;
      if (keys.open) into(keys);
    } else if (event.key === "Escape") {
      chosen = null;
      light([]);
    } else if (/^[1-9]$/.test(event.key) && boxes[event.key - 1]) {
      boxes[event.key - 1].click();
    } else return;
    event.preventDefault();
  });
}
