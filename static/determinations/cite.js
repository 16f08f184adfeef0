// Citations of a letter: the passage selected in it is quoted into them, and a button copies them.
// Without it, people can copy the citations from the page by hand.
"use strict";

(() => {
  const details = [...document.querySelectorAll("details.cite")];
  if (!details.length) return;

  const forMarkdown = (text) => text.replace(/([\\`*_[\]<>])/g, "\\$1");
  const quote = {
    plain: (passage, citation) => `“${passage.join(" ")}” ${citation}`,
    markdown: (passage, citation) =>
      `${passage.map((line) => `> ${forMarkdown(line)}`).join("\n>\n")}\n>\n> ${citation}`,
  };

  // The citation that a passage belongs to: its item's if the passage is in an item, else the letter's. On the
  // comparison page, each cell names its item, and the first cell of an item has its citation.
  const citationOf = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element || element.closest("details.cite, .glances, .contents")) return null;
    const name = element.closest("[data-item]")?.dataset.item;
    if (name) return document.querySelector(`[data-item="${name}"] details.cite`);
    return (element.closest("section.item") ?? element.closest("article"))?.querySelector("details.cite") ?? null;
  };

  const put = (cite, passage) => {
    for (const text of cite.querySelectorAll("[data-citation]")) {
      const write = quote[text.dataset.citation];
      text.textContent = passage.length ? write(passage, text.dataset.whole) : text.dataset.whole;
    }
  };

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Selected. Copy it with your keyboard.";
    }
    setTimeout(() => (button.textContent = button.dataset.label), 2500);
  };

  for (const cite of details) {
    for (const text of cite.querySelectorAll("[data-citation]")) {
      text.dataset.whole = text.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.dataset.label = text.dataset.citation === "plain" ? "Copy" : "Copy Markdown";
      button.textContent = button.dataset.label;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", () => copy(text, button));
      text.after(button);
    }
    const hint = document.createElement("p");
    hint.className = "cite-note";
    hint.textContent = "To quote a passage with the citation, select it in the text.";
    cite.append(hint);
  }

  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return;
      const cite = citationOf(selection.getRangeAt(0).startContainer);
      if (!cite) return;
      const lines = selection.toString().split(/\n\s*\n|\n/);
      const passage = lines.map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
      details.forEach((other) => put(other, other === cite ? passage : []));
    }, 150);
  });
})();
