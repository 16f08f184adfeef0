// Matches in a letter: buttons and the keys n and p lead from one to the next, "3 of 9". Without the script there
// is a link to each match. The keys can be switched off, since programs for speech input type single letters.
"use strict";

(() => {
  const bar = document.querySelector("[data-matches]");
  if (!bar) return;
  const KEY = "match-keys-off";
  const count = Number(bar.dataset.matches);
  const steps = bar.querySelector(".match-steps");
  const place = bar.querySelector("[data-match-place]");
  const keys = bar.querySelector(".match-keys");
  const box = keys.querySelector("input");

  const current = () => {
    const named = /^#match-(\d+)$/.exec(location.hash);
    return named ? Number(named[1]) : 0;
  };

  const show = () => {
    const number = current();
    place.textContent = number ? `${number} of ${count}` : `${count} in all`;
  };

  const go = (step) => {
    const from = current();
    const to = from || step > 0 ? ((from + step - 1 + count) % count) + 1 : count;
    // In place of the present address, so that the browser's Back leads to the results at once.
    location.replace(`#match-${to}`);
    show();
  };

  bar.querySelector(".match-links").hidden = true;
  steps.hidden = false;
  keys.hidden = false;
  box.checked = localStorage.getItem(KEY) === null;
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "1");
  });
  for (const button of steps.querySelectorAll("button")) {
    button.addEventListener("click", () => go(Number(button.dataset.step)));
  }

  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
  });

  addEventListener("hashchange", show);
  show();
})();
