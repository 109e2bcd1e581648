// One phone: shows what the sandbox says is on it and does what its owner wants.

import { ask, tell } from "./api.js";
import { bubble, day, make, showWaiting } from "./bubble.js";
import { Menu } from "./menu.js";
import { readFile } from "./upload.js";

const TOAST_MS = 6000;
// For so long after somebody did something on it, a phone lies open in their hand.
const OPEN_MS = 5000;
const ATTACHMENTS = [["Send a photo", "photo"], ["Send a sticker", "sticker"], ["Send a voice message", "voice"]];

export class Phone {
  constructor(person, complain) {
    this.id = person.id;
    this.complain = complain;
    this.shown = new Map();
    this.heardToasts = null;
    this.usedAt = -Infinity;
    this.unread = null;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    const at = (selector) => this.root.querySelector(selector);
    Object.assign(this, {
      log: at(".log"), input: at("textarea"), composer: at(".composer"), wide: at(".wide"),
      keyboard: at(".keyboard"), toast: at(".toast"), status: at(".status"), lock: at(".lock"),
      editing: at(".editing"), alert: at("dialog"), about: at(".about"),
      below: at(".below button"), file: at(".file"),
    });
    this.label(person.name);
    this.menu = new Menu(at(".menu"), person.name);
    this.listen(at(".cancel"));
  }

  label(name) {
    const heading = this.root.querySelector("h2");
    heading.textContent = name;
    heading.id = `owner-${this.id}`;
    this.root.setAttribute("aria-labelledby", heading.id);
    this.log.setAttribute("aria-label", `Messages, ${name}`);
    this.input.id = `write-${this.id}`;
    const label = this.root.querySelector("label");
    label.htmlFor = this.input.id;
    label.textContent = `Message from ${name}`;
  }

  listen(cancel) {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
      if (event.key === "Escape") this.edit(null);
    });
    this.input.addEventListener("input", () => this.grow());
    cancel.addEventListener("click", () => this.edit(null));
    this.log.addEventListener("scroll", () => this.showBelow());
    new ResizeObserver(() => this.showBelow()).observe(this.log);
    this.below.addEventListener("click", () => {
      this.log.scrollTop = this.log.scrollHeight;
      this.log.focus();
    });
    this.file.addEventListener("change", () => this.sendFile());
    this.wide.addEventListener("click", () => this.act(this.wide.dataset.action));
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 140)}px`;
  }

  async act(action, body) {
    this.use();
    try {
      await tell(`/people/${this.id}/${action}`, body);
      return true;
    } catch (error) {
      this.complain(error.message);
      return false;
    }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const edited = this.edited;
    const done = edited
      ? await this.act("edit", { message_id: edited.id, text })
      : await this.act("say", { text });
    if (done) this.edit(null);
  }

  async sendFile() {
    const [file] = this.file.files;
    if (!file) return;
    try {
      await this.act("attach", await readFile(file, this.input.value.trim()));
      this.edit(null);
    } catch (error) {
      this.complain(error.message);
    }
    this.file.value = "";
  }

  edit(message) {
    this.edited = message;
    this.editing.hidden = !message;
    this.input.value = message ? message.text : "";
    this.grow();
    if (message) this.input.focus();
  }

  async refresh() {
    const view = await ask(`/people/${this.id}/chat`);
    const first = this.acts === undefined;
    // Its owner may also have it in another window.
    if (!first && view.acts > this.acts) this.use();
    this.acts = view.acts;
    const fresh = view.messages.filter((message) => !this.shown.has(message.id));
    const follows = this.isFollowed() || fresh.some((message) => message.from === "person");
    this.showMessages(view);
    this.showLock(first ? [] : fresh, view.messages);
    this.showStatus(view);
    this.showKeyboard(view);
    this.showFoot(view);
    this.showToasts(view.toasts);
    this.offerMenu(view);
    // Last, because a keyboard that opens takes room from the messages.
    if (follows) this.follow(first ? [] : fresh);
    this.showBelow();
  }

  showBelow() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.below.hidden = scrollHeight - scrollTop - clientHeight < 40;
  }

  use() {
    this.usedAt = performance.now();
    this.unread = null;
    this.lock.hidden = true;
  }

  isOpen() {
    return performance.now() - this.usedAt < OPEN_MS;
  }

  isFollowed() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < 120 || Math.abs(scrollTop - this.scrolledTo) < 4;
  }

  /** Go to the end, but never past the beginning of what was not read yet. */
  follow(fresh) {
    const newest = fresh.find((message) => message.from === "bot");
    if (newest && (this.unread === null || !this.isOpen())) this.unread = newest.id;
    this.log.scrollTop = this.log.scrollHeight;
    const node = this.shown.get(this.unread)?.node;
    if (node) this.log.scrollTop += Math.min(0, node.getBoundingClientRect().top - this.log.getBoundingClientRect().top - 12);
    this.scrolledTo = this.log.scrollTop;
  }

  showMessages(view) {
    const focusWasHere = this.log.contains(document.activeElement) && document.activeElement !== this.log;
    this.forget(new Set(view.messages.map((message) => message.id)));
    for (const message of view.messages) this.place(message);
    this.showDays(view.messages);
    if (focusWasHere && !this.log.contains(document.activeElement)) this.newFocus();
  }

  forget(kept) {
    for (const [id, { node }] of this.shown) {
      if (kept.has(id)) continue;
      node.remove();
      this.shown.delete(id);
    }
  }

  place(message) {
    const look = JSON.stringify({ ...message, buttons: message.buttons.map((row) => row.map(({ waiting, ...b }) => b)) });
    const before = this.shown.get(message.id);
    if (before?.look !== look) {
      const node = bubble(message, {
        tap: (tapped, data) => this.act("tap", { message_id: tapped.id, data }),
        edit: (own) => this.edit(own),
      });
      if (before) {
        before.node.replaceWith(node);
      } else {
        node.classList.add("fresh");
        this.log.append(node);
      }
      this.shown.set(message.id, { node, look });
    }
    showWaiting(this.shown.get(message.id).node, message);
  }

  showDays(messages) {
    let last = "";
    for (const message of messages) {
      const { node } = this.shown.get(message.id);
      const today = day(message);
      const previous = node.previousElementSibling;
      const has = previous?.classList.contains("day") ? previous : null;
      if (today === last) has?.remove();
      else if (!has) node.before(make("p", "day", today));
      last = today;
    }
    for (const mark of this.log.querySelectorAll(".day")) {
      if (!mark.nextElementSibling?.classList.contains("message")) mark.remove();
    }
  }

  newFocus() {
    const last = [...this.log.querySelectorAll(".message")].at(-1);
    (last?.querySelector("button.choice") ?? this.input).focus();
  }

  showLock(fresh, messages) {
    const newest = fresh.filter((message) => message.from === "bot").at(-1);
    if (newest && !this.isOpen()) {
      this.lock.querySelector(".lock-text").textContent = `Heard: ${newest.text}`;
      this.lock.hidden = false;
      this.locked = newest.id;
    }
    // What was deleted shows on no lock screen either.
    if (!messages.some((message) => message.id === this.locked)) this.lock.hidden = true;
  }

  showStatus(view) {
    clearTimeout(this.typingTimer);
    const typing = view.typing_seconds > 0;
    this.status.textContent = view.person.blocked ? "blocked" : typing ? "typing…" : "bot";
    if (typing) this.typingTimer = setTimeout(() => { this.status.textContent = "bot"; }, view.typing_seconds * 1000);
  }

  showKeyboard(view) {
    const look = JSON.stringify(view.keyboard);
    const usable = view.keyboard.length > 0 && view.started && !view.person.blocked;
    this.keyboard.hidden = !usable;
    if (look === this.keyboardLook) return;
    this.keyboardLook = look;
    this.keyboard.replaceChildren(...view.keyboard.map((row) => make("div", "row", ...row.map((text) => {
      const key = make("button", "key", text);
      key.type = "button";
      key.addEventListener("click", () => this.act("press", { text }));
      return key;
    }))));
  }

  showFoot(view) {
    const { blocked } = view.person;
    const hadFocus = document.activeElement === this.wide;
    this.composer.hidden = blocked || !view.started;
    this.wide.hidden = !this.composer.hidden;
    this.wide.textContent = blocked ? "Unblock" : "Start";
    this.wide.dataset.action = blocked ? "unblock" : "start";
    this.input.placeholder = view.placeholder || "Message";
    this.about.hidden = !view.description || view.messages.length > 0;
    this.about.querySelector("p").textContent = view.description;
    if (hadFocus && this.wide.hidden) this.input.focus();
  }

  showToasts(toasts) {
    const fresh = this.heardToasts === null ? [] : toasts.slice(this.heardToasts);
    this.heardToasts = toasts.length;
    for (const { text, alert } of fresh) {
      if (alert) {
        this.alert.querySelector("p").textContent = text;
        if (!this.alert.open) this.alert.showModal();
      } else {
        this.toast.textContent = text;
        clearTimeout(this.toastTimer);
        this.toastTimer = setTimeout(() => { this.toast.textContent = ""; }, TOAST_MS);
      }
    }
  }

  offerMenu(view) {
    const { blocked } = view.person;
    const canWrite = view.started && !blocked;
    this.menu.offer([
      ...(canWrite ? view.commands : []).map(({ command, description }) => [
        `/${command}: ${description}`, () => this.act("say", { text: `/${command}` }),
      ]),
      ...(canWrite ? ATTACHMENTS : []).map(([label, kind]) => [label, () => this.act("attach", { kind })]),
      ...(canWrite ? [["Choose a file to send", () => this.file.click()]] : []),
      ["Clear this chat", () => this.act("clear")],
      blocked ? ["Unblock the bot", () => this.act("unblock")] : ["Block the bot", () => this.act("block")],
    ]);
  }
}
