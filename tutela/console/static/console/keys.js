// One key for one thing, never while somebody types, never with a modifier, and they can be turned off (WCAG 2.1.4).
"use strict";
(() => {
  const STORE = "console-keys-off";
  const legend = document.querySelector("[data-keys]");
  if (!legend) return;
  const button = legend.querySelector("[data-keys-switch]");
  let off = localStorage.getItem(STORE) === "1";
  const say = () => { button.textContent = off ? button.dataset.off : button.dataset.on; };
  button.hidden = false;
  say();
  button.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(STORE, off ? "1" : "0");
    say();
  });

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("chosen"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("chosen", row === next));
    next.querySelector("a").focus();
  };
  const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "j") return move(1);
    if (event.key === "k") return move(-1);
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (!target.matches("textarea, input[type=search]")) target.click();
  });
})();
