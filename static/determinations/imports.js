// The page of an import: its numbers kept up to date. Without it the page reloads itself.
"use strict";

const page = { sending: false };

const watchBatch = (batch) => {
  const news = batch.querySelector(".import-news");
  const spoken = batch.querySelector(".import-unseen");
  const shown = {};
  let state = "";
  let silent = 0;
  let timer = 0;

  const show = (status) => {
    for (const [name, html] of Object.entries(status.parts)) {
      if (shown[name] !== html) batch.querySelector(`[data-part=${name}]`).innerHTML = html;
      shown[name] = html;
    }
    if (state !== status.in_words) spoken.textContent = state && status.in_words;
    state = status.in_words;
    if (silent) news.textContent = "";
    silent = 0;
    return status.goes_on || page.sending ? 1500 : 10000;
  };

  const look = async () => {
    clearTimeout(timer);
    let pause;
    try {
      const answer = await fetch(batch.dataset.status);
      if (answer.redirected || answer.status === 403) throw new Error("You are no longer signed in. Sign in again.");
      if (!answer.ok) throw new Error("The site does not respond.");
      pause = show(await answer.json());
    } catch (error) {
      silent += 1;
      const reason = error instanceof TypeError ? "The site cannot be reached." : error.message;
      news.textContent = `${reason} The numbers will then update again.`;
      pause = Math.min(2000 * silent, 15000);
    }
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, pause);
  };

  // While this page sends files it must not be left, so its buttons act in place.
  batch.addEventListener("submit", async (event) => {
    if (!page.sending) return;
    event.preventDefault();
    try {
      const answer = await fetch(event.submitter.formAction, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(event.target, event.submitter),
      });
      const { done, error } = await answer.json();
      await look();
      news.textContent = done || error;
    } catch {
      news.textContent = "The site did not receive this. Try again.";
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  look();
};

{
  const batch = document.getElementById("import-batch");
  if (batch) watchBatch(batch);
}
