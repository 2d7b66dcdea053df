// Keys for judging events: a accept, r reject, e edit, j next, k back. The same buttons and links work without.
"use strict";

(() => {
  const cases = [...document.querySelectorAll(".queue > .case")];
  const judge = document.querySelector("#judge");
  if (cases.length === 0 && !judge) return;

  // Whoever speaks to the machine, or leans on the keyboard, turns them off.
  const stored = "demarche-keys";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = localStorage.getItem(stored) !== "off";
  box.addEventListener("change", () => localStorage.setItem(stored, box.checked ? "on" : "off"));
  const label = document.createElement("label");
  label.className = "keys";
  label.append(box, " Keys: a accept, r reject, e edit, j next, k back");
  (judge ?? document.querySelector("#desk")).after(label);

  let at = -1;
  const go = (to) => {
    if (to < 0 || to >= cases.length) return;
    at = to;
    cases[at].focus();
    cases[at].scrollIntoView({ block: "nearest" });
  };
  cases.forEach((one, n) => one.addEventListener("focusin", () => (at = n)));

  const act = (key) => {
    const within = judge ? document : cases[at];
    if (!within) return;
    const found = within.querySelector(`[data-key="${key}"]`);
    if (!found) return;
    if (found.tagName === "DETAILS") {
      found.open = true;
      found.querySelector("select, input").focus();
    } else {
      // A form that lacks a name or a reason says so, and takes the reader there.
      found.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (!box.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j" && !judge) go(at + 1);
    else if (event.key === "k" && !judge) go(at - 1);
    else if (event.key === "k") history.back();
    else if ("arej".includes(event.key)) act(event.key);
    else return;
    event.preventDefault();
  });
})();
