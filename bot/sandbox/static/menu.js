// A phone's menu: commands, attachments, block and clear.

import { make } from "./bubble.js";

export class Menu {
  constructor(root, owner) {
    this.opener = root.querySelector(".menu-open");
    this.list = root.querySelector(".menu-list");
    this.opener.append(make("span", "unseen", `Menu, ${owner}`));
    this.opener.addEventListener("click", () => this.show(this.list.hidden));
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.list.hidden) return;
      this.show(false);
      this.opener.focus();
    });
    root.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !root.contains(event.relatedTarget)) this.show(false);
    });
    document.addEventListener("click", (event) => {
      if (!root.contains(event.target)) this.show(false);
    });
  }

  show(open) {
    this.list.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.list.querySelector("button")?.focus();
  }

  /** Offer these; each is [label, what to do]. Rebuilt only when the labels change. */
  offer(entries) {
    const labels = entries.map(([label]) => label).join("\n");
    if (labels === this.labels) return;
    this.labels = labels;
    this.list.replaceChildren(...entries.map(([label, run]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => {
        this.show(false);
        this.opener.focus();
        run();
      });
      return button;
    }));
  }
}
