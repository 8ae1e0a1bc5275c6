// What is needed now and then: practising with a made-up caller, my sessions, and the audit for those who oversee.

import { call, me, template, text } from "./wire.mjs";

/** Set up the part below the lists; `free` empties the room for a practice talk. */
export async function more(main, free) {
  const people = await me();
  const place = main.querySelector(".more");
  place.addEventListener("toggle", () => place.open && sessions(place));
  place.querySelector(".everywhere").addEventListener("click", () => call("sign-out-everywhere").then(() => location.reload()));
  place.querySelector(".practise").addEventListener("click", () => (free(), practise(main.querySelector(".room"), people)));
  const audit = place.querySelector(".audit");
  audit.hidden = people.role !== "supervisor";
  audit.addEventListener("click", save);
}

async function sessions(place) {
  const found = await call("sessions");
  if (!found) return;
  place.querySelector(".sessions").replaceChildren(...found.sessions.map((one) => {
    const line = text("li", `${one.this ? "This session" : "Another session"}, since ${new Date(one.since * 1000).toLocaleString("en-GB")} `);
    const out = text("button", "End it");
    out.addEventListener("click", async () => (await call("sign-out", { session: one.id })) && (one.this ? location.reload() : sessions(place)));
    line.append(out);
    return line;
  }));
}

async function save() {
  const found = await call("audit");
  if (!found) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(found.rows, null, 1)], { type: "application/json" }));
  link.download = "audit.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A talk with somebody made up, on this page only: each answer brings their next line. Nothing is sent. */
function practise(place, people) {
  const caller = people.practice[Math.floor(Math.random() * people.practice.length)];
  const lines = [...caller.says];
  place.replaceChildren(template("room"));
  place.querySelector("h2").textContent = "Practice: nobody real is here";
  place.querySelector(".card ul").append(...caller.card.map((line) => text("li", line)));
  for (const part of [".tools", ".decide"]) place.querySelector(part).remove();
  const log = place.querySelector(".log");
  const say = (who, words) => {
    const said = text("div", "", `said ${who}`);
    if (who !== "event") said.append(text("small", who === "young" ? "made-up caller" : "you"));
    said.append(text("span", words));
    log.append(said);
    log.scrollTop = log.scrollHeight;
  };
  const next = () => say(...(lines.length ? ["young", lines.shift()] : ["event", "This is the end of the practice."]));
  next();
  const box = place.querySelector("#words");
  const form = place.querySelector(".say");
  box.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && (event.preventDefault(), form.requestSubmit()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!box.value.trim()) return;
    say("counsellor", box.value.trim());
    box.value = "";
    setTimeout(next, 1_500);
  });
}
