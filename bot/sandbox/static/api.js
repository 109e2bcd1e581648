// Talks to the people's API; every failure becomes an Error whose message can be shown.

export async function ask(path) {
  return answer(await fetch(path, { cache: "no-store" }));
}

export async function tell(path, body = {}) {
  return answer(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `The sandbox answered ${response.status}.`);
  return body;
}
