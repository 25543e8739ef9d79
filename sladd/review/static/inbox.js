// The inbox by keyboard. Every key presses a button or follows a link that stands on the page.
"use strict";

const KEEP = "sladd-keys";
const on = document.getElementById("keys-on");
const form = document.getElementById("decision");
const reason = document.getElementById("reason");
let pending = null;

function wanted() {
  try { return localStorage.getItem(KEEP) !== "off"; } catch { return true; }
}
if (on) {
  on.checked = wanted();
  on.addEventListener("change", () => {
    try { localStorage.setItem(KEEP, on.checked ? "on" : "off"); } catch { /* not kept then */ }
  });
}

// Who decided, or chose a finding, goes on from it: not from the top of the page. What went wrong
// is mended first.
const wrong = document.querySelector("[aria-invalid]") || document.querySelector("[role=alert]");
const start = wrong || (location.search && document.getElementById("finding"));
if (start) {
  if (start.tabIndex < 0) start.tabIndex = -1;
  start.focus({ preventScroll: !wrong });
}

function press(id) {
  const target = document.getElementById(id);
  if (target) target.click();
}

const KEYS = {
  j: () => press("go-j"),
  k: () => press("go-k"),
  c: () => press("do-confirm"),
  r: () => {
    if (!form) return;
    if (reason.value.trim()) return press("do-reject");
    // A rejection needs a reason: write it, then Enter.
    pending = "do-reject";
    reason.focus();
  },
  n: () => { const to = document.getElementById("to"); if (to) to.focus(); },
  a: () => press("do-alike"),
  u: () => press("do-undo"),
  "?": () => { const help = document.getElementById("keys"); if (help) { help.open = !help.open; if (help.open) help.scrollIntoView({ block: "nearest" }); } },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if (field && field.type !== "checkbox") {
    if (event.key === "Escape") { pending = null; field.blur(); }
    if (event.key === "Enter" && field === reason && pending) { event.preventDefault(); press(pending); }
    if (event.key === "Enter" && field.id === "to" && field.value) { event.preventDefault(); press("do-change"); }
    return;
  }
  if (on && !on.checked) return;
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
if (reason) reason.addEventListener("blur", () => { pending = null; });
