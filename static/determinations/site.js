// The search box: type-ahead, and a word before a question is sent that is too long for any address. Without
// it the box is a plain form, and the site answers a long question itself where the address still holds it.
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

(() => {
  const form = document.querySelector("form[data-suggest]");
  const input = form?.querySelector("input[type=search]");
  if (!input) return;

  const list = document.createElement("ul");
  list.id = "ask-choices";
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
        option.id = `ask-choice-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.query = suggestion.query;
        option.dataset.url = suggestion.url;
        const kind = document.createElement("span");
        kind.className = "kind";
        kind.textContent = suggestion.kind;
        option.append(suggestion.label, " ", kind);
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
})();

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
      // keepalive: the request goes on while the browser follows a link that was clicked.
      const answer = await fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      const told = await answer.json();
      const saved = told.notes?.[field.name.replace(/^note-/, "")];
      if (!saved) throw new Error(told.error || "The item is not in the folder any more.");
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
})();
