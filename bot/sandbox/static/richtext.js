// Turns a message's words and entities into nodes. Offsets count UTF-16 units, as JavaScript strings do.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", pre: "code", blockquote: "q", spoiler: "span",
};
const WEB = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

export function rich(text, entities) {
  const edges = new Set([0, text.length]);
  for (const { offset, length } of entities) edges.add(offset).add(offset + length);
  const cuts = [...edges].filter((at) => at <= text.length).sort((a, b) => a - b);
  const whole = document.createDocumentFragment();
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const over = entities.filter((e) => e.offset <= cuts[i] && e.offset + e.length >= cuts[i + 1]);
    whole.append(wrapped(text.slice(cuts[i], cuts[i + 1]), over));
  }
  return whole;
}

function wrapped(text, entities) {
  const link = entities.find((e) => e.type === "text_link");
  let node = link ? anchor(link.url, text) : linked(text);
  for (const { type } of entities) {
    if (!TAGS[type]) continue;
    const outer = document.createElement(TAGS[type]);
    outer.append(node);
    node = outer;
  }
  return node;
}

function linked(text) {
  const parts = document.createDocumentFragment();
  let done = 0;
  for (const found of text.matchAll(WEB)) {
    parts.append(text.slice(done, found.index), anchor(found[0], found[0]));
    done = found.index + found[0].length;
  }
  parts.append(text.slice(done));
  return parts;
}

export function anchor(url, text) {
  const link = document.createElement("a");
  if (/^https?:/i.test(url)) link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.textContent = text;
  return link;
}
