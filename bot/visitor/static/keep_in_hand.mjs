// What a young person can take away: lines to copy, and their own words shown large. On this device only: nothing here is
// sent, and nothing is kept once it is closed.

const QUOTED = /“[^”]+”/g;

/** Add a copy button for each “ready line” of `text` to `said`. */
export function copyLines(said, text) {
  for (const line of text.match(QUOTED) ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = `Copy: ${line}`;
    button.addEventListener("click", () => copy(button, line));
    said.append(button);
  }
}

async function copy(button, line) {
  try {
    await navigator.clipboard.writeText(line.slice(1, -1));
    button.textContent = "Copied. It is in this device's clipboard until something else is.";
  } catch {
    button.textContent = "This browser does not let me copy. You can write it down.";
  }
}

/** Add a box whose words can be shown large, to read out or to show to somebody. */
export function showLarge(said) {
  const label = document.createElement("label");
  label.textContent = "Your words. They stay on this screen and are not sent.";
  const box = document.createElement("textarea");
  box.rows = 3;
  box.autocomplete = "off";
  box.spellcheck = false;
  label.append(box);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show it large";
  button.addEventListener("click", () => box.value.trim() && open(box.value.trim(), button));
  said.append(label, button);
}

function open(words, opener) {
  const sheet = document.createElement("dialog");
  sheet.className = "large";
  const shown = document.createElement("p");
  shown.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => sheet.close());
  sheet.addEventListener("close", () => (sheet.remove(), opener.focus()));
  sheet.append(shown, close);
  document.body.append(sheet);
  sheet.showModal();
}

/** Take every sheet off the page, as when leaving. */
export function closeSheets() {
  for (const sheet of document.querySelectorAll("dialog.large")) sheet.remove();
}
