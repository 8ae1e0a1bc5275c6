// One talk: the card first, then what was said; sending is safe to repeat, since each message has a key of its own.

import { call, me, template, text } from "./wire.mjs";

const TOLD = {
  joined: "joined", transfer: "has it now", "supervisor joined": "joined as supervisor", "offers the bot": "asked whether they want the bot",
  left: "", ended: "ended the talk", "nobody there": "Nobody was there for an hour.",
};

const ASKED = {
  harm: "Kind of harm", duty: "Does the duty to report apply?", told: "Who was told?", delay: "Reason for a delay",
  young_told: "Was the young person told?",
};

/** Open a talk in `place`; `over` is called when it ends, with whether it was a serious one. */
export async function openRoom(place, id, over) {
  const found = await call("open", { id });
  if (!found) return null;
  place.replaceChildren(template("room"));
  const room = new Room(place, id, found, await me(), over);
  room.draw(found);
  return room;
}

class Room {
  constructor(place, id, found, people, over) {
    Object.assign(this, { place, id, people, over, last: 0, pending: null, state: found.state, mine: found.mine });
    this.log = place.querySelector(".log");
    this.box = place.querySelector("#words");
    this.serious = ["high", "immediate"].includes(found.card.concern);
    this.#head(found.card);
    this.#writing();
    this.#tools();
    this.#deciding();
  }

  close() {
    this.place.replaceChildren(text("p", "Choose somebody from the list.", "soft"));
  }

  /** Ask for what is new. */
  async look(colleagues) {
    this.colleagues = colleagues;
    const found = await call("open", { id: this.id, after: this.last });
    if (found) this.draw(found);
  }

  draw(found) {
    for (const item of found.items) this.#item(item);
    this.state = found.state;
    const away = found.away > 4 && found.state === "talking" ? `, not heard from for ${found.away} min` : "";
    this.place.querySelector(".state").textContent = { talking: `talking${away}`, pending: "ended; decide about a report", left: "left message" }[found.state];
    this.place.querySelector(".typing").hidden = !found.typing || found.state !== "talking";
    this.place.querySelector(".say").hidden = found.state === "pending";
    this.place.querySelector(".tools").hidden = found.state !== "talking" || !this.mine;
    this.place.querySelector(".decide").hidden = found.state !== "pending";
    this.#transfer();
  }

  #head(card) {
    this.place.querySelector("h2").textContent = card.channel === "message" ? "A left message" : "A young person";
    const lines = (card.lines ?? []).map((line) => text("li", line.text));
    this.place.querySelector(".card ul").append(...(lines.length ? lines : [text("li", "They left the card empty.")]));
  }

  #item(item) {
    if (item.seq <= this.last) return;
    this.last = item.seq;
    if (item.kind === "card") return;
    const said = document.createElement("div");
    said.className = `said ${item.kind === "event" ? "event" : item.by} ${item.more.concern ?? ""}`;
    if (item.kind === "event") {
      said.append(text("span", item.text || `${item.more.name ?? ""} ${TOLD[item.more.event] ?? ""}`));
    } else {
      said.append(text("small", who(item)), text("span", item.text));
      if (item.by === "young" && item.more.concern) blur(said);
    }
    this.log.append(said);
    this.log.scrollTop = this.log.scrollHeight;
  }

  #writing() {
    let typed = 0;
    this.box.addEventListener("input", () => {
      if (this.state === "talking" && Date.now() - typed > 3_000) call("typing", { id: this.id }, (typed = Date.now()));
    });
    this.box.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && this.#send(event));
    this.place.querySelector(".say").addEventListener("submit", (event) => this.#send(event));
  }

  async #send(event, confirmed = false) {
    event?.preventDefault();
    const words = this.box.value.trim();
    if (!words) return;
    // The same words sent again after a lost answer keep their key, and so stay one message.
    if (this.pending?.words !== words) this.pending = { words, key: crypto.randomUUID() };
    const held = this.place.querySelector(".held");
    const step = this.state === "left" ? "answer-left" : "say";
    const done = await call(step, { id: this.id, key: this.pending.key, text: words, confirmed }, (why) => this.#hold(held, why));
    if (!done) return;
    held.hidden = true;
    this.box.value = "";
    this.pending = null;
    if (step === "answer-left") return (this.close(), this.over(false));
    this.look(this.colleagues);
  }

  #hold(held, why) {
    const send = text("button", "Send it all the same");
    send.addEventListener("click", () => this.#send(null, true));
    const back = text("button", "Change it");
    back.addEventListener("click", () => ((held.hidden = true), this.box.focus()));
    held.replaceChildren(text("p", `Held: ${why}. If you send it, a supervisor sees it too.`), back, send);
    held.hidden = false;
    back.focus();
    return null;
  }

  #tools() {
    for (const { group, says } of this.people.phrases) {
      this.place.querySelector(".phrases").append(text("h3", group), ...says.map((phrase) => this.#insert(phrase, phrase)));
    }
    const find = this.place.querySelector(".find");
    const list = () => {
      const wanted = find.value.toLowerCase();
      const fits = this.people.signposts.filter((one) => `${one.name} ${one.what}`.toLowerCase().includes(wanted)).slice(0, 12);
      this.place.querySelector(".signposts").replaceChildren(...fits.map((one) => this.#insert(`${one.name}: ${one.contact}`, `${one.name}: ${one.contact}. ${one.what}`)));
    };
    find.addEventListener("input", list);
    list();
    this.#form(".ask", "ask-supervisor", (form) => ({ text: form.querySelector("textarea").value }));
    this.#form(".note", "note", (form) => ({ text: form.querySelector("textarea").value }));
    this.place.querySelector(".offer-bot").addEventListener("click", () => call("offer-bot", { id: this.id }));
    const outcomes = this.place.querySelector(".close select");
    outcomes.append(...this.people.outcomes.map((outcome) => text("option", outcome)));
    this.#form(".close", "close", () => ({ outcome: outcomes.value }), () => this.over(this.serious));
  }

  #insert(label, words) {
    const button = text("button", label);
    button.type = "button";
    button.addEventListener("click", () => {
      this.box.value = `${this.box.value} ${words}`.trim();
      this.box.focus();
    });
    return button;
  }

  #form(where, step, said, then = () => {}) {
    const form = this.place.querySelector(where);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await call(step, { id: this.id, ...said(form) })) (form.reset(), then(), this.look(this.colleagues));
    });
  }

  #transfer() {
    const others = (this.colleagues ?? []).map((one) => {
      const button = text("button", `Hand on to ${one.name}`);
      button.type = "button";
      button.addEventListener("click", async () => (await call("transfer", { id: this.id, to: one.id })) && (this.close(), this.over(this.serious)));
      return button;
    });
    this.place.querySelector(".transfer").replaceChildren(...(others.length ? others : [text("p", "No other counsellor is on duty.", "soft")]));
  }

  #deciding() {
    const form = this.place.querySelector(".decide");
    for (const [name, allowed] of Object.entries(this.people.choices)) {
      const label = text("label", `${ASKED[name]} `);
      const select = document.createElement("select");
      select.name = name;
      select.append(...allowed.map((one) => text("option", one)));
      label.append(select);
      form.querySelector(".fields").append(label);
    }
    form.querySelector(".print").addEventListener("click", () => {
      document.body.classList.add("printing");
      window.print();
      document.body.classList.remove("printing");
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(form));
      const needed = event.submitter.value === "yes";
      if (await call("decide", { ...said, id: this.id, needed, learned: Date.now() / 1000 })) (this.close(), this.over(false));
    });
  }
}

const who = (item) => (item.kind === "chat" ? "typed to the bot before" : item.by === "young" ? "young person" : item.more.name ?? item.by);

/** Distressing lines stay blurred until somebody chooses to read them. */
function blur(said) {
  said.classList.add("blur");
  const open = text("button", "Serious. Show it");
  open.addEventListener("click", () => (said.classList.remove("blur"), open.remove()));
  said.append(open);
}
