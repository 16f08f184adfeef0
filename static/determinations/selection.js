// Items selected in the results stay selected on the next page, in another search and after reading a letter,
// until the tab is closed or the selection cleared. The bar names the searches that they were selected in, and
// lists them. Without the script, a button carries them to the next page.
"use strict";

(() => {
  const KEY = "selection";
  const MOST_COMPARED = 4;
  const bar = () => document.querySelector("form[data-keeps-selection]");
  const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][name=item][form="${form.id}"]`)];

  // Each item has a name, a title, an address, and the title and address of the search that it was selected in.
  const selected = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  const keep = (items) => sessionStorage.setItem(KEY, JSON.stringify(items));
  const add = (item) => keep([...selected().filter((one) => one.name !== item.name), item]);
  const remove = (name) => keep(selected().filter((one) => one.name !== name));
  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const here = (form) => ({ search: form.dataset.search, searchUrl: form.dataset.searchUrl });
  const ofResult = (box, form) => {
    const link = box.closest("article").querySelector("h3 a");
    const title = `${box.labels[0].querySelector("span").textContent.trim()}: ${link.textContent.trim()}`;
    return { name: box.value, title, url: link.getAttribute("href"), ...here(form) };
  };
  const ofCarried = (input, form) => {
    const link = input.parentElement.querySelector("a");
    return { name: input.value, title: link.textContent, url: link.getAttribute("href"), ...here(form) };
  };

  const summary = (items, form, shown) => {
    if (!items.length) return "";
    const own = items.filter((item) => item.search === form.dataset.search);
    const others = items.filter((item) => item.search !== form.dataset.search);
    const searches = [...new Set(others.map((item) => item.search))];
    const inOthers = searches.length === 1 ? searches[0] : `${searches.length} other searches`;
    if (!own.length) return `${items.length} selected in ${inOthers}`;
    if (others.length) return `${items.length} selected: ${own.length} in this search, ${others.length} in ${inOthers}`;
    const elsewhere = own.filter((item) => !shown.has(item.name)).length;
    return `${items.length} selected${elsewhere ? `, ${elsewhere} on other pages` : ""}`;
  };

  const list = (items) => {
    const bySearch = new Map();
    for (const item of items) bySearch.set(item.search, [...(bySearch.get(item.search) ?? []), item]);
    return [...bySearch].map(([search, found], number) => {
      const heading = element(
        "p",
        { id: `selected-in-${number}` },
        "Selected in ",
        element("a", { href: found[0].searchUrl, textContent: search }),
      );
      const entries = found.map((item) => {
        const box = element("input", { type: "checkbox", checked: true, value: item.name });
        box.dataset.deselects = "";
        box.setAttribute("aria-label", `Select ${item.title}`);
        return element("li", {}, box, " ", element("a", { href: item.url, textContent: item.title }));
      });
      const entriesList = element("ul", {}, ...entries);
      entriesList.setAttribute("aria-labelledby", heading.id);
      return element("div", {}, heading, entriesList);
    });
  };

  const show = () => {
    const form = bar();
    if (!form) return;
    const items = selected();
    const names = new Set(items.map((item) => item.name));
    const onPage = boxes(form);
    for (const box of onPage) box.checked = names.has(box.value);
    const shown = new Set(onPage.map((box) => box.value));
    form.dataset.counts = items.length;
    form.querySelectorAll("input[type=hidden][data-carried]").forEach((input) => input.remove());
    for (const name of names) {
      if (shown.has(name)) continue;
      const input = element("input", { type: "hidden", name: "item", value: name });
      input.dataset.carried = "";
      form.append(input);
    }
    const status = form.querySelector("[data-selected]");
    const words = summary(items, form, shown);
    if (status.textContent !== words) status.textContent = words;
    form.querySelector("[data-selection]").hidden = !items.length;
    form.querySelector("[data-selection] > div").replaceChildren(...list(items));
    const own = items.filter((item) => item.search === form.dataset.search).length;
    form.querySelector("[data-keeps-own]").hidden = !own || own === items.length;
    form.querySelector("[data-clears-selection]").hidden = !items.length;
    form.querySelector("[data-compares]").disabled = items.length > MOST_COMPARED;
  };

  // What the address carries, from a page without the script, belongs to the selection.
  const take = () => {
    const form = bar();
    if (!form) return;
    const names = new Set(selected().map((item) => item.name));
    const carried = [...form.querySelectorAll("input[type=checkbox][data-carried]")].map((one) => ofCarried(one, form));
    const checked = boxes(form).filter((box) => box.defaultChecked);
    for (const item of [...carried, ...checked.map((box) => ofResult(box, form))]) if (!names.has(item.name)) add(item);
    form.querySelectorAll("[data-carries]").forEach((button) => button.remove());
    show();
  };

  document.addEventListener("change", (event) => {
    const form = bar();
    if (!form) return;
    if (event.target.matches("[data-deselects]")) {
      remove(event.target.value);
      show();
      (form.querySelector("[data-deselects]") ?? form.querySelector("[data-compares]")).focus();
    }
    if (!event.target.matches(`input[type=checkbox][name=item][form="${form.id}"]`)) return;
    if (event.target.checked) add(ofResult(event.target, form));
    else remove(event.target.value);
    show();
  });

  document.addEventListener("click", (event) => {
    const form = bar();
    if (!form) return;
    if (event.target.closest("[data-keeps-own]")) {
      keep(selected().filter((item) => item.search === form.dataset.search));
      show();
    }
    if (!event.target.closest("[data-clears-selection]")) return;
    event.preventDefault();
    keep([]);
    show();
  });

  document.addEventListener("htmx:afterSettle", take);
  addEventListener("pageshow", take);
})();
