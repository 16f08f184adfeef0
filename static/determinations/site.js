// The search box: type-ahead, and a word before a question is sent that is too long for any address. The filters:
// results are exchanged in place (htmx), what was open stays open, and the new count is announced. Without scripts
// the box is a plain form, the site answers a long question itself, and filters are links.
"use strict";

for (const box of document.querySelectorAll("input[data-longest]")) {
  const longest = Number(box.dataset.longest);
  box.addEventListener("input", () => {
    const length = [...box.value.trim()].length;
    box.setCustomValidity(
      length > longest
        ? `The search has ${length.toLocaleString("en")} characters; at most ${longest.toLocaleString("en")} can be searched. Shorten it.`
        : "",
    );
  });
}

const offerSuggestions = (form, number) => {
  const input = form.querySelector("input[type=search]");

  const list = document.createElement("ul");
  list.id = `ask-choices-${number}`;
  list.className = "ask-choices";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const news = document.createElement("p"); // tells screen readers how many there are; the eye sees the list
  news.className = "visually-hidden";
  news.setAttribute("aria-live", "polite");
  input.after(list, news);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let active = -1;
  let timer = 0;
  let asked = null;

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    news.textContent = "";
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    close();
    if (option.dataset.url) {
      location.assign(option.dataset.url);
    } else {
      input.value = `${option.dataset.query} `;
      input.focus();
    }
  };

  const point = (index) => {
    const options = [...list.children];
    active = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((suggestion, at) => {
        const option = document.createElement("li");
        option.id = `ask-choice-${number}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.query = suggestion.query;
        option.dataset.url = suggestion.url;
        const kind = document.createElement("span");
        kind.className = "kind";
        kind.textContent = suggestion.total ? `${suggestion.kind}, ${suggestion.total.toLocaleString("en")}` : suggestion.kind;
        const label = document.createElement("span");
        label.append(...withBold(suggestion.label, input.value));
        option.append(label, " ", kind);
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(option));
        return option;
      }),
    );
    active = -1;
    list.hidden = !suggestions.length;
    const many = suggestions.length;
    news.textContent = many ? `${many} suggestion${many === 1 ? "" : "s"}` : "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const query = new URLSearchParams(new FormData(form));
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2 || !input.checkValidity()) close();
    else timer = setTimeout(ask, 120);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (list.hidden) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      point(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    }
  });

  input.addEventListener("blur", close);
};

/** The label in pieces, the last typed words in bold where the label has them. */
function withBold(label, typed) {
  const words = typed.trim().split(/\s+/);
  for (let first = 0; first < words.length; first += 1) {
    const wanted = words.slice(first).join(" ");
    const at = label.toLowerCase().indexOf(wanted.toLowerCase());
    if (at < 0) continue;
    const bold = document.createElement("b");
    bold.textContent = label.slice(at, at + wanted.length);
    return [label.slice(0, at), bold, label.slice(at + wanted.length)];
  }
  return [label];
}

document.querySelectorAll("form[data-suggest]").forEach(offerSuggestions);

// Filters on a phone: a sheet in place of the page. Without scripts the address's #narrow opens it.
const openFilters = (isOpen) => {
  document.body.classList.toggle("filters-open", isOpen);
  if (isOpen) document.getElementById("narrow").focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens=filters], a[data-closes=filters]");
  if (!link) return;
  const opens = link.dataset.opens === "filters";
  openFilters(opens);
  if (opens) {
    event.preventDefault();
    scrollTo(0, 0);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    openFilters(false);
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  }
});

// htmx comes after the page has been drawn: until then, and without it, filters are plain links.
// The browser makes markup of no text but the answer that has just come from this site (trusted types).
let trustedAnswer = null;
window.addEventListener("load", () => {
  const page = document.querySelector("[data-exchanger]");
  if (!page) return;
  window.trustedTypes?.createPolicy("default", {
    createHTML: (text) => (text === trustedAnswer ? text : null),
    createScriptURL: (url) => (url === page.dataset.exchanger ? url : null),
  });
  const script = document.createElement("script");
  script.src = page.dataset.exchanger;
  script.addEventListener("load", fetchUnfolded);
  document.head.append(script);
});

// Facets that were unfolded before htmx knew of them fetch their values now.
const fetchUnfolded = () => {
  for (const values of document.querySelectorAll("#narrow details[open] > .facet-fetched")) {
    window.htmx.trigger(values.parentElement, "toggle");
  }
};
document.addEventListener("htmx:afterSettle", fetchUnfolded);

// Filters that are offered are one stop of the Tab key, and the arrow keys go from one to the next.
const asToolbar = (offers) => {
  const stops = () => [...offers.querySelectorAll("a, summary")].filter((one) => one.checkVisibility());
  const stopAt = (stop) => stops().forEach((one) => (one.tabIndex = one === stop ? 0 : -1));
  offers.setAttribute("role", "toolbar");
  offers.setAttribute("aria-label", offers.querySelector(".offers-lead")?.textContent.replace(":", "") ?? "Filters");
  stopAt(stops()[0]);
  offers.addEventListener("focusin", (event) => stopAt(event.target));
  const more = offers.querySelector("details");
  more?.addEventListener("toggle", () => stopAt(more.querySelector("summary")));
  offers.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const all = stops();
    all.at((all.indexOf(event.target) + step) % all.length).focus();
  });
};
for (const offers of document.querySelectorAll(".filter-offers")) asToolbar(offers);

// What a person unfolded stays so when the results are exchanged, and the new count is said.
let unfolded = new Map();
let targetTop = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  targetTop = document.querySelector(":target")?.getBoundingClientRect().top ?? null;
  trustedAnswer = event.detail.shouldSwap ? event.detail.serverResponse : null;
  unfolded = new Map([...document.querySelectorAll("#narrow details[id]")].map((one) => [one.id, one.open]));
});

document.addEventListener("htmx:swapError", () => {
  trustedAnswer = null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  trustedAnswer = null;
  const page = document.getElementById("search-page");
  if (!page) {
    // A letter: what comes after the page (closest determinations) moves nothing that is being read.
    const moved = (document.querySelector(":target")?.getBoundingClientRect().top ?? 0) - (targetTop ?? 0);
    if (targetTop !== null && moved) scrollBy({ top: moved, behavior: "instant" });
    return;
  }
  if (!event.detail.requestConfig.boosted) return; // the values of one facet
  for (const one of page.querySelectorAll("#narrow details[id]")) {
    if (unfolded.get(one.id)) one.open = true;
  }
  for (const offers of page.querySelectorAll(".filter-offers")) asToolbar(offers);
  const { headline, rate } = page.dataset;
  document.getElementById("announcement").textContent = rate ? `${headline}, ${rate}` : headline;
});

// A filter without an answer that can be shown in place is followed as the link that it is: the page says why.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (event.detail.boosted) location.assign(event.detail.elt.href);
  });
}

/** Sends a form for an answer in JSON. The request goes on while the browser follows a link (keepalive). */
const answerTo = (form, body) =>
  fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });

// Items go into the research folder and out of it without leaving the place. What is refused is sent again as a
// page, which says why.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.folder-button");
  if (!form) return;
  event.preventDefault();
  let answer = null;
  try {
    const response = await answerTo(form, new URLSearchParams(new FormData(form)));
    if (response.ok) answer = await response.json();
  } catch {
    // No connection, or a page instead of an answer: the browser shows which.
  }
  if (!answer) {
    form.submit();
    return;
  }
  const was = form.querySelector("[data-when=out]").hidden;
  // A second click may have come before the first answer.
  if (was !== answer.is_in_folder) [form.action, form.dataset.opposite] = [form.dataset.opposite, form.action];
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "in") !== answer.is_in_folder;
  form.querySelector("button:not([hidden])").focus();
  document.getElementById("folder-link").textContent = answer.items ? `Folder (${answer.items})` : "Folder";
  document.getElementById("announcement").textContent = answer.message;
});

// "not" beside a value sends the search's form with the value; here as a link of the filters, exchanged in place.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.facet-not");
  if (!button || !window.htmx) return;
  event.preventDefault();
  const asked = [...new FormData(button.form, button)].filter(([, value]) => value);
  const link = document.createElement("a");
  link.href = `${button.form.action}?${new URLSearchParams(asked)}`;
  button.before(link);
  window.htmx.process(link);
  link.click();
});

// The research folder: a note is saved when its field loses focus. Without this the buttons save all notes.
(() => {
  const form = document.querySelector("form[data-saves-notes]");
  if (!form) return;

  const save = async (field) => {
    const seen = form.elements[field.name.replace(/^note-/, "seen-")];
    const status = field.parentElement.querySelector("[data-note-status]");
    const sent = field.value;
    if (sent === field.defaultValue) return;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      [field.name]: sent,
      [seen.name]: seen.value,
    });
    try {
      const answer = await (await answerTo(form, body)).json();
      const saved = answer.notes?.[field.name.replace(/^note-/, "")];
      if (!saved) throw new Error(answer.error || "The item is not in the folder any more.");
      seen.value = saved.seen;
      field.defaultValue = saved.text;
      if (field.value === sent) field.value = saved.text;
      status.textContent = saved.text === sent.replace(/\r\n/g, "\n") ? "Saved." : "Saved. It was changed in another window too: both texts are here.";
    } catch (error) {
      status.textContent = `Not saved yet. Press Save notes. (${error.message})`;
    }
  };

  form.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea[name^=note-]")) save(event.target);
  });
  // The page goes while the cursor is still in the field.
  addEventListener("pagehide", () => {
    if (document.activeElement?.matches("textarea[name^=note-]")) save(document.activeElement);
  });
})();

// On paper, examples are shown by the style sheet, or else opened here while they are printed.
const openedForPaper = new Set();
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details.unfold:not([open])")) {
    one.open = true;
    openedForPaper.add(one);
  }
});
addEventListener("afterprint", () => {
  for (const one of openedForPaper) one.open = false;
  openedForPaper.clear();
});
