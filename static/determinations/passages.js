// Selecting text in a letter brings a bar: copy it with its citation, or add it to the research folder. Each
// item has a form that takes a pasted passage; the bar sends that form. Without the script, the form remains.
"use strict";

(() => {
  const letter = document.querySelector(".letter-body");
  const forms = [...document.querySelectorAll("[data-passage-of] form")];
  if (!letter || !forms.length) return;

  const bar = document.createElement("div");
  bar.className = "passage-bar";
  bar.hidden = true;
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Selected passage");
  const button = (text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    // Pressing a button must not give up the selection.
    made.addEventListener("mousedown", (event) => event.preventDefault());
    bar.append(made);
    return made;
  };
  const copy = button("Copy with citation");
  const add = button("Add passage to folder");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  bar.append(said);
  document.body.append(bar);

  let passage = "";
  let item = null;

  // The item whose form takes the passage: the one that it is in; for the letter's summary and facts, the item
  // that the address names or the search found, else the first.
  const itemOf = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element || !letter.contains(element) || element.closest("details, form, .glances, .item-links")) return null;
    return (
      element.closest("section.item") ??
      letter.querySelector("section.item:target") ??
      letter.querySelector("section.item.found") ??
      letter.querySelector("section.item")
    );
  };

  const hide = () => {
    bar.hidden = true;
    said.textContent = "";
  };

  const place = (range) => {
    const box = range.getBoundingClientRect();
    if (innerWidth < 640 || !box.width) {
      bar.classList.add("passage-bar-below");
      bar.style.removeProperty("top");
      bar.style.removeProperty("left");
      return;
    }
    bar.classList.remove("passage-bar-below");
    const above = box.top - bar.offsetHeight - 8;
    const lowest = innerHeight - bar.offsetHeight - 8;
    bar.style.top = `${Math.max(8, Math.min(above > 0 ? above : box.bottom + 8, lowest))}px`;
    bar.style.left = `${Math.max(8, Math.min(box.left, innerWidth - bar.offsetWidth - 8))}px`;
  };

  const look = () => {
    const selection = getSelection();
    const text = selection.rangeCount ? selection.toString().replace(/\s+/g, " ").trim() : "";
    if (!text || selection.isCollapsed) {
      if (!bar.contains(document.activeElement)) hide();
      return;
    }
    const found = itemOf(selection.getRangeAt(0).startContainer);
    if (!found) return hide();
    if (text !== passage) said.textContent = "";
    [passage, item] = [text, found];
    // It follows the passage in the page as well, so that Tab leads on from there.
    const end = selection.getRangeAt(0).endContainer;
    const block = (end.nodeType === Node.ELEMENT_NODE ? end : end.parentElement).closest("p, dd, blockquote, h2, h3");
    if (block && letter.contains(block) && block.nextSibling !== bar) block.after(bar);
    bar.hidden = false;
    place(selection.getRangeAt(0));
  };

  copy.addEventListener("click", async () => {
    const citation = item.querySelector('details.cite [data-citation="plain"]');
    const text = `“${passage}” ${citation.dataset.whole ?? citation.textContent}`;
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser does not allow copying. Open “Cite this item”.";
    }
  });

  add.addEventListener("click", async () => {
    const form = item.querySelector("[data-passage-of] form");
    const body = new FormData(form);
    body.set("passage", passage);
    add.disabled = true;
    said.textContent = "Adding …";
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      said.textContent = (await answer.json()).message;
    } catch {
      said.textContent = "Not added: the site does not answer. Try again.";
    }
    add.disabled = false;
  });

  // With a passage selected, Tab leads to the bar wherever the focus is, and Escape gives the passage up.
  document.addEventListener("keydown", (event) => {
    if (bar.hidden) return;
    if (event.key === "Escape") {
      getSelection().removeAllRanges();
      hide();
    } else if (event.key === "Tab" && !event.shiftKey && !bar.contains(document.activeElement)) {
      event.preventDefault();
      copy.focus();
    }
  });

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  };
  document.addEventListener("selectionchange", soon);
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
})();
