// The page round the phones: who is there, what time it is, and what has changed.

import { ask, tell } from "./api.js";
import { make } from "./bubble.js";
import { Phone } from "./phone.js";
import { anchor } from "./richtext.js";

const WAIT_SECONDS = 25;
const AGAIN_MS = 2000;
const CLOCK_MS = 15000;
const MOST_PHONES = 12;

const phones = new Map();
const trouble = document.getElementById("trouble");

function complain(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

async function meetEveryone() {
  const { people } = await ask("/people");
  for (const person of people.slice(0, MOST_PHONES)) {
    if (phones.has(person.id)) continue;
    const phone = new Phone(person, complain);
    phones.set(person.id, phone);
    document.getElementById("phones").append(phone.root);
  }
}

async function showClock() {
  const about = await ask("/page");
  document.getElementById("clock").hidden = !about.movable;
  const time = document.getElementById("clock-time");
  time.dateTime = about.now;
  time.textContent = about.words;
  return about;
}

function showLinks(links) {
  const nav = document.getElementById("links");
  nav.hidden = links.length === 0;
  nav.querySelector("ul").replaceChildren(...links.map(({ label, url, hint }) => {
    const item = make("li", "", url ? anchor(url, label) : make("strong", "", label));
    if (hint) item.append(make("span", "hint", hint));
    return item;
  }));
}

async function advance(button) {
  const said = document.getElementById("clock-said");
  const buttons = [...document.querySelectorAll("[data-step]")];
  if (button.getAttribute("aria-disabled") === "true") return;
  // Not `disabled`, which would take the focus away from whoever uses a keyboard.
  buttons.forEach((one) => one.setAttribute("aria-disabled", "true"));
  try {
    said.textContent = (await tell("/clock/advance", { step: button.dataset.step })).said;
    await showClock();
  } catch (error) {
    complain(error.message);
  } finally {
    buttons.forEach((one) => one.removeAttribute("aria-disabled"));
  }
}

async function follow() {
  let since = -1;
  for (;;) {
    try {
      const news = since < 0
        ? { counter: (await ask("/news")).counter, changed: null }
        : await ask(`/news?since=${since}&timeout=${WAIT_SECONDS}`);
      await meetEveryone();
      const ids = news.changed ?? [...phones.keys()];
      await Promise.all(ids.filter((id) => phones.has(id)).map((id) => phones.get(id).refresh()));
      // A sandbox that was restarted counts from the beginning.
      since = news.counter < since ? -1 : news.counter;
      if (lost) complain("");
      lost = false;
    } catch {
      lost = true;
      since = -1;
      complain("The connection to the sandbox was lost. Trying again.");
      await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
    }
  }
}

let lost = false;

document.querySelectorAll("[data-step]").forEach((button) => {
  button.addEventListener("click", () => advance(button));
});
document.getElementById("add-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (phones.size >= MOST_PHONES) {
    complain(`There is room for ${MOST_PHONES} phones.`);
    return;
  }
  try {
    const person = await tell("/people", { name: form.elements.name.value });
    form.reset();
    await meetEveryone();
    await phones.get(person.id).refresh();
    phones.get(person.id).wide.focus();
  } catch (error) {
    complain(error.message);
  }
});
document.addEventListener("click", () => { if (!lost) complain(""); }, { capture: true });
setInterval(() => { showClock().catch(() => {}); }, CLOCK_MS);

showClock().then((about) => showLinks(about.links)).catch(() => {});
follow();
