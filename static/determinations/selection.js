// Items selected in the results stay selected on the next page, in another search and after reading a letter,
// until the tab is closed or the selection cleared. Without it, a button carries them to the next page.
"use strict";

(() => {
  const KEY = "selected-items";
  const MOST_COMPARED = 4;
  const bar = () => document.querySelector("form[data-keeps-selection]");
  const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][name=item][form="${form.id}"]`)];

  const selected = () => new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
  const keep = (names) => sessionStorage.setItem(KEY, JSON.stringify([...names]));

  const show = () => {
    const form = bar();
    if (!form) return;
    const names = selected();
    const here = boxes(form);
    for (const box of here) box.checked = names.has(box.value);
    const shown = new Set(here.map((box) => box.value));
    form.querySelectorAll("input[data-carried]").forEach((input) => input.remove());
    for (const name of names) {
      if (shown.has(name)) continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "item", value: name });
      input.dataset.carried = "";
      form.append(input);
    }
    const elsewhere = [...names].filter((name) => !shown.has(name)).length;
    form.querySelector("[data-selected-elsewhere]").textContent = elsewhere ? `${elsewhere} selected on other pages` : "";
    form.querySelector("[data-clears-selection]").hidden = !names.size;
    form.querySelector("[data-compares]").disabled = names.size > MOST_COMPARED;
  };

  // What the address carries, from a page without the script, belongs to the selection.
  const take = () => {
    const form = bar();
    if (!form) return;
    const carried = [...form.querySelectorAll("input[data-carried]"), ...boxes(form).filter((box) => box.defaultChecked)];
    if (carried.length) keep(new Set([...selected(), ...carried.map((input) => input.value)]));
    form.querySelectorAll("[data-carries]").forEach((button) => button.remove());
    show();
  };

  document.addEventListener("change", (event) => {
    const form = bar();
    if (!form || !event.target.matches(`input[type=checkbox][name=item][form="${form.id}"]`)) return;
    const names = selected();
    if (event.target.checked) names.add(event.target.value);
    else names.delete(event.target.value);
    keep(names);
    show();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clears-selection]")) return;
    event.preventDefault();
    keep([]);
    show();
  });

  document.addEventListener("htmx:afterSettle", take);
  addEventListener("pageshow", take);
})();
