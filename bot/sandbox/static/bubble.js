// One message: its bubble, its time, its buttons.

import { anchor, rich } from "./richtext.js";

const ATTACHED = {
  photo: "Photo", sticker: "Sticker", voice: "Voice message", audio: "Music", video: "Video",
  video_note: "Video message", animation: "GIF", document: "File", location: "Location",
  contact: "Contact", dice: "Dice", poll: "Poll",
};
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
});
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long", day: "numeric", month: "long", timeZone: "Europe/London",
});

export const day = (message) => DAY.format(new Date(message.date));

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

/** Text that may run from the right, as on a phone: each line by its first strong letter. */
function either(node) {
  node.dir = "auto";
  return node;
}

/** Build a message; `act` has `tap(message, data)` and `edit(message)`. */
export function bubble(message, act) {
  const mine = message.from === "person";
  const box = make("div", "bubble", make("span", "unseen", mine ? "You: " : "Heard: "));
  if (message.forwarded_from) box.append(make("p", "quiet", `Forwarded from ${message.forwarded_from}`));
  if (message.reply_to) box.append(make("p", "quote", message.reply_to));
  if (message.attachment) box.append(make("p", "attached", attached(message)));
  if (message.file) box.append(opening(message));
  if (message.text) box.append(either(make("p", "words", rich(message.text, message.entities))));
  box.append(foot(message, mine, act));
  const whole = make("div", `message ${mine ? "mine" : "theirs"}`, box);
  for (const row of message.buttons) {
    whole.append(make("div", "row", ...row.map((button) => inline(message, button, act))));
  }
  return whole;
}

function attached({ attachment, file_name: name }) {
  const label = ATTACHED[attachment] ?? "Attachment";
  return name ? `${label}: ${name}` : label;
}

function opening({ file }) {
  const link = make("a", "open", "Open the file", make("span", "unseen", " (opens in a new tab)"));
  Object.assign(link, { href: file, target: "_blank", rel: "noreferrer" });
  return make("p", "", link);
}

function foot(message, mine, act) {
  const time = make("time", "", CLOCK.format(new Date(message.date)));
  time.dateTime = message.date;
  const line = make("p", "meta", message.edited ? "edited " : "", time);
  if (mine && message.text && !message.attachment) {
    const edit = make("button", "edit", "Edit");
    edit.type = "button";
    edit.setAttribute("aria-label", `Edit: ${message.text.slice(0, 40)}`);
    edit.addEventListener("click", () => act.edit(message));
    line.prepend(edit);
  }
  return line;
}

function inline(message, button, act) {
  if (button.url) {
    const link = anchor(button.url, button.text);
    link.className = "choice out";
    link.append(make("span", "unseen", " (opens in a new tab)"));
    return link;
  }
  const choice = either(make("button", "choice", button.text));
  choice.type = "button";
  choice.dataset.data = button.data ?? "";
  choice.addEventListener("click", () => act.tap(message, button.data));
  return choice;
}

/** Show which taps still wait, without rebuilding buttons, so that focus stays where it is. */
export function showWaiting(node, message) {
  for (const button of message.buttons.flat()) {
    for (const choice of node.querySelectorAll("button.choice")) {
      if (choice.dataset.data === button.data) choice.setAttribute("aria-busy", String(button.waiting));
    }
  }
}
