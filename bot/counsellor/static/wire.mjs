// The line to the server: one POST a step, the CSRF token in a header, clear words when something fails.

let known = null;
let out = () => {};

/** What to do when the session is over. */
export const signedOut = (what) => (out = what);

/** Who is signed in, or null. Asked once; `call` forgets it when the session ends. */
export async function me() {
  if (!known) {
    const reply = await post("me", {}).catch(() => null);
    known = reply?.ok ? await reply.json() : null;
  }
  return known;
}

/** Take one step. Returns what it gave, or null after saying on the page why not; `again` is told of words that are held. */
export async function call(step, said = {}, again = null) {
  let reply;
  try {
    reply = await post(step, said);
  } catch {
    return tell("No connection. Nothing was lost; what you typed is still there. Try again.");
  }
  if (reply.ok) {
    if (["sign-in", "sign-out", "first-finish"].includes(step)) known = null;
    return reply.json();
  }
  const { error, reason } = await reply.json().catch(() => ({ error: "Something went wrong here. Try again." }));
  if (reason === "held" && again) return again(error);
  if (reply.status === 401 && step !== "sign-in") {
    known = null;
    out();
  }
  return tell(error);
}

/** The words of a stream, one after the other, until it ends. */
call.stream = async function* (step) {
  const reply = await post(step, {});
  if (!reply.ok) throw new Error(String(reply.status));
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part.slice(6));
  }
};

const post = (step, said) =>
  fetch(`/desk/api/${step}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Csrf": known?.csrf ?? "" },
    body: JSON.stringify(said),
    cache: "no-store",
  });

function tell(words) {
  document.querySelector("#notice").textContent = words;
  return null;
}

/** A new element with text, never with markup. */
export function text(tag, words, kind = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (kind) made.className = kind;
  return made;
}

/** A copy of a template of the page. */
export const template = (name) => document.querySelector(`template#${name}`).content.cloneNode(true);
