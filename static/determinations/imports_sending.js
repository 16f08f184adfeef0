// The page on which letters are chosen: sends each in a request of its own, and becomes the import's page.
// Without it the form sends all files in one request. Needs imports.js.
"use strict";

const sendLetters = (form) => {
  const AT_ONCE = 3;
  const TRIES = 6;
  const ROWS = 200;
  const LONGEST_NAME = 250; // the site keeps the last 200 characters
  const drop = form.querySelector(".import-drop");
  const problem = document.getElementById("import-error");
  const panel = document.getElementById("import-sending");
  const bar = panel.querySelector("progress");
  const pace = panel.querySelector(".import-pace");
  const rows = panel.querySelector("tbody");
  const stopButton = panel.querySelector("[data-do=stop]");
  const againButton = panel.querySelector("[data-do=again]");

  let addresses = form.dataset.upload ? form.dataset : null;
  let queue = [];
  let next = 0;
  let unsent = [];
  let sent = 0;
  let bytes = 0;
  let bytesSent = 0;
  let stopped = "";
  const underWay = new Set();

  const left = () => queue.length - next + underWay.size;
  const seconds = (number) => new Promise((resolve) => setTimeout(resolve, 1000 * number));
  const size = (number) => (number < 1e6 ? `${Math.ceil(number / 1e3)} kB` : `${(number / 1e6).toFixed(1)} MB`);
  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

  const complain = (message) => {
    problem.textContent = message;
    problem.hidden = !message;
  };

  const render = () => {
    let arriving = 0;
    for (const file of underWay) arriving += file.loaded;
    bar.max = bytes || 1;
    bar.value = Math.min(bytesSent + arriving, bar.max);
    const total = sent + left() + unsent.length;
    const parts = [`${sent.toLocaleString()} of ${total.toLocaleString()} files sent`];
    if (unsent.length) parts.push(`${unsent.length.toLocaleString()} not sent`);
    if (!page.sending) parts.push(unsent.length ? "see the reasons below" : "you can close this page");
    pace.textContent = parts.join(" · ");
    stopButton.hidden = !page.sending;
    againButton.hidden = page.sending || !unsent.length;
  };

  const tell = (file, state) => {
    if (!file.row) {
      if (rows.children.length >= ROWS) (rows.querySelector(".import-sent") ?? rows.lastElementChild).remove();
      file.row = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = file.name;
      file.row.append(name, document.createElement("td"), document.createElement("td"));
      file.row.cells[2].className = "import-prose";
      file.row.cells[1].textContent = size(file.blob.size);
      rows.prepend(file.row);
    }
    file.row.cells[2].textContent = state;
  };

  const post = async (address, values) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
      body: new URLSearchParams(values),
    });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      throw new Error("The site did not receive this. Are you still signed in?");
    }
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error);
    return body;
  };

  const transfer = (file) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      file.request = request;
      request.open("POST", addresses.upload);
      request.responseType = "json";
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("X-CSRFToken", token());
      const name = [...file.name].slice(-LONGEST_NAME).join("");
      // Half of a surrogate pair, which some systems allow in names, cannot be encoded.
      request.setRequestHeader("X-File-Name", encodeURIComponent(name.replace(/\p{Surrogate}/gu, "\ufffd")));
      if (file.tries) request.setRequestHeader("X-Sent-Before", "1");
      request.upload.onprogress = (event) => {
        file.loaded = Math.min(event.loaded, file.blob.size);
        if (file.blob.size > 1e6) tell(file, `sending, ${Math.floor((100 * event.loaded) / event.total)}%`);
        render();
      };
      request.onloadend = () => resolve(request);
      request.send(file.blob);
    });

  /** Send a file until the site has it. Gives "" then, else why it was not sent. */
  const send = async (file) => {
    for (let tries = 1; ; tries += 1) {
      tell(file, "sending");
      file.loaded = 0;
      const { status, response } = await transfer(file);
      file.tries = (file.tries ?? 0) + 1;
      if (status === 201) {
        tell(file, response?.error ? `not imported: ${response.error}` : "sent");
        return "";
      }
      if (stopped) return stopped;
      if (status === 409) stopped = response?.error ?? "The import does not accept more files.";
      else if (status === 403 || (status === 200 && !response)) {
        stopped = "You are no longer signed in. Sign in in another tab, then send again.";
      }
      if (stopped) return stopped;
      const reason = response?.error ?? "The site could not be reached, or the file cannot be read.";
      if (tries >= TRIES || (status >= 400 && status < 500)) return reason;
      tell(file, `${reason} Trying again in ${2 ** tries} s.`);
      await seconds(2 ** tries);
      if (stopped) return stopped;
    }
  };

  const sendNext = async () => {
    while (next < queue.length && !stopped) {
      const file = queue[next];
      next += 1;
      underWay.add(file);
      const reason = await send(file);
      underWay.delete(file);
      if (reason) {
        unsent.push(file);
        tell(file, `not sent: ${reason}`);
      } else {
        sent += 1;
        bytesSent += file.blob.size;
        file.row.className = "import-sent";
        file.blob = file.row = null;
      }
      render();
    }
  };

  const run = async () => {
    if (page.sending) return;
    page.sending = true;
    stopped = "";
    panel.hidden = false;
    render();
    panel.scrollIntoView({ block: "nearest" });
    while (next < queue.length && !stopped) await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
    unsent = unsent.concat(queue.slice(next));
    queue = [];
    next = 0;
    page.sending = false;
    if (stopped) complain(stopped);
    render();
  };

  /** The page becomes the batch's own, and goes on sending. */
  const adopt = async () => {
    history.replaceState(null, "", addresses.page);
    const place = document.getElementById("import-place");
    const answer = await fetch(addresses.page);
    const batchPage = new DOMParser().parseFromString(await answer.text(), "text/html");
    const batch = batchPage.getElementById("import-batch");
    batch.querySelector("[data-add-letters]")?.remove();
    document.title = batchPage.title;
    document.querySelector("#content > h1")?.replaceChildren(batch.dataset.title);
    place.replaceChildren(batch);
    form.querySelector("h2").hidden = false;
    watchBatch(batch);
  };

  const add = async (files, skipped) => {
    if (!files.length) {
      complain(skipped ? "It contains no letters, e-mails, or archives (.txt, .pdf, .docx, .eml, .msg, .zip, .tar)." : "Choose at least one file.");
      return;
    }
    complain("");
    try {
      if (addresses) {
        await post(addresses.announce, { files: left() + files.length, skipped: skipped });
      } else {
        addresses = await post(form.dataset.start, { files: files.length, first: files[0].name, skipped: skipped });
      }
    } catch (error) {
      complain(error.message);
      return;
    }
    for (const file of files) {
      queue.push(file);
      if (!file.counted) bytes += file.blob.size;
      file.counted = true;
    }
    form.reset();
    run();
    if (!document.getElementById("import-batch")) {
      adopt().catch(() => complain(`The files are being sent. The import's page is ${addresses.page}`));
    }
  };

  const isLetter = (name) => /\.(txt|pdf|docx|eml|msg|zip|tar|tgz|gz|tbz2|bz2|7z|rar)$/i.test(name) && !/(^|\/)(~\$|\._|\.~lock\.)/.test(name);

  const filesBelow = async (entry, folder, found) => {
    if (entry.isFile) {
      const name = folder + entry.name;
      if (folder && !isLetter(name)) found.skipped += 1;
      else found.files.push({ name, blob: await new Promise((take, fail) => entry.file(take, fail)) });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const entries = await new Promise((take, fail) => reader.readEntries(take, fail));
      if (!entries.length) return;
      for (const one of entries) await filesBelow(one, `${folder}${entry.name}/`, found);
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [letters, folder] = ["import-letters", "import-folder"].map((id) => [...document.getElementById(id).files]);
    const inside = folder.filter((file) => isLetter(file.name));
    const files = letters.concat(inside).map((blob) => ({ blob, name: blob.webkitRelativePath || blob.name }));
    add(files, folder.length - inside.length);
  });
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle("import-over", type === "dragenter" || type === "dragover");
    });
  }
  drop.addEventListener("drop", async (event) => {
    const dropped = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = dropped.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
    const found = { files: [], skipped: 0 };
    try {
      for (const entry of entries) {
        if (entry instanceof File) found.files.push({ name: entry.name, blob: entry });
        else await filesBelow(entry, "", found);
      }
    } catch {
      complain("The browser cannot read one of these files, so none was sent. Check its permissions.");
      return;
    }
    add(found.files, found.skipped);
  });
  stopButton.addEventListener("click", () => {
    stopped = "Stopped. You can send the remaining files again below.";
    for (const file of underWay) file.request?.abort();
  });
  againButton.addEventListener("click", () => {
    const files = unsent;
    unsent = [];
    add(files, 0);
  });
  window.addEventListener("beforeunload", (event) => {
    if (page.sending) event.preventDefault();
  });
  drop.querySelector(".import-drop-hint").hidden = false;
};

sendLetters(document.getElementById("import-form"));
