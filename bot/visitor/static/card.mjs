// The card on the page: each line as the counsellor would see it, with a tap to take it out or to show a hidden part.

const WORDS = { out: "Take out", back: "Put back", show: (kind) => `Show the hidden ${kind}` };

/** The card as an element; `tap(title, payload)` takes one step. */
export function drawCard(lines, tap) {
  const card = document.createElement("section");
  card.className = "card";
  card.setAttribute("aria-label", "What they would see");
  const head = document.createElement("h2");
  head.textContent = "What they would see";
  const list = document.createElement("ol");
  list.append(...lines.map((line) => drawLine(line, tap)));
  card.append(head, list);
  return card;
}

function drawLine(line, tap) {
  const item = document.createElement("li");
  item.className = line.goes ? "" : "out";
  const words = document.createElement("span");
  words.textContent = line.text;
  item.append(words);
  if (!line.goes) item.append(note(" (taken out)"));
  if (line.toggle) item.append(document.createElement("br"), button(line.goes ? WORDS.out : WORDS.back, () => tap("", line.toggle)));
  for (const [kind, payload] of line.hidden) item.append(button(WORDS.show(kind), () => tap("", payload)));
  return item;
}

function note(words) {
  const made = document.createElement("em");
  made.textContent = words;
  return made;
}

function button(words, what) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", what);
  return made;
}
