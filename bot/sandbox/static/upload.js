// A file from this computer as the people's API takes it.

const MOST_BYTES = 50 * 1024 * 1024;

const kindOf = (type) => {
  if (type === "image/jpeg" || type === "image/png") return "photo";
  if (type === "audio/ogg") return "voice";
  if (type.startsWith("audio/")) return "audio";
  return type.startsWith("video/") ? "video" : "document";
};

/** What to attach; what stands in the box to write in goes with it as its caption. */
export async function readFile(file, caption) {
  if (file.size > MOST_BYTES) throw new Error("These phones send files of at most 50 MB.");
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(new Error("That file could not be read.")));
    reader.readAsDataURL(file);
  });
  const content = url.slice(url.indexOf(",") + 1);
  return { kind: kindOf(file.type), name: file.name, content, ...(caption ? { caption } : {}) };
}
