// While somebody writes to a person: say beside each box what could be plainer, as the preview would.
// Every page works without it. Nothing is kept here or there.
"use strict";
(() => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const PAUSE = 700; // milliseconds after the last key
  let waiting = 0;
  let latest = 0;

  const line = (note) => {
    const item = document.createElement("li");
    const said = document.createElement("q");
    said.dir = "auto";
    said.textContent = note.words;
    item.append(said, " ", note.advice);
    if (note.stops) item.className = "stops";
    return item;
  };

  const show = (notes) => {
    for (const place of form.querySelectorAll("[data-live]")) {
      const mine = notes.filter((note) => note.field === place.dataset.live);
      const now = JSON.stringify(mine);
      if (place.dataset.shown === now) continue; // a screen reader says it once
      place.dataset.shown = now;
      const list = document.createElement("ul");
      list.append(...mine.map(line));
      place.replaceChildren(...(mine.length ? [list] : []));
    }
  };

  const check = async () => {
    const mine = ++latest;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.check, { method: "POST", body, redirect: "manual" });
      if (answer.ok && mine === latest) show(await answer.json());
    } catch {
      // No way through just now: the preview says the same.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  });
  if (form.dataset.written === "yes") check();
})();
