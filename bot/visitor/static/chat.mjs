// The chat on the page. Nothing is stored: not in the browser, not in the address. The conversation's
// id lives in this module and travels in a header.

import { closeSheets, copyLines, showLarge } from "./keep_in_hand.mjs";
import { leaveFast } from "./leave.mjs";

const ALIVE_EVERY = 60_000; // ms
const ASK_READY_EVERY = 1_000; // ms
// Pages with ready lines to copy, and those with words to show to somebody.
const TO_COPY = /^utter_page_(no|tell)_|^utter_ask_how_to/;
const TO_SHOW = /^utter_page_take_/;

class SidedoorChat extends HTMLElement {
  #id = "";
  #waiting = 0;

  async connectedCallback() {
    this.log = this.querySelector(".log");
    this.typing = this.querySelector(".typing");
    this.box = this.querySelector("textarea");
    this.hidden = false;
    this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    this.box.addEventListener("keydown", (event) => this.#enter(event));
    setInterval(() => this.#id && this.#post("alive").catch(() => {}), ALIVE_EVERY);
    leaveFast(document.querySelector("#leave"), () => this.#leave());
    await this.#ask("open", {});
  }

  #enter(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return this.box.focus();
    this.box.value = "";
    this.#show("me", text);
    this.#ask("say", { text });
    this.box.focus();
  }

  #tap(title, payload) {
    this.#show("me", title);
    this.#ask("tap", { button: payload });
  }

  /** Send one thing and show what comes back; when that fails, say so truly and offer to try again. */
  async #ask(what, body) {
    this.typing.hidden = !++this.#waiting;
    try {
      let answer = await this.#post(what, body);
      if (answer && answer.ready === false && what !== "open") {
        this.#answer(answer);
        await this.#untilReady();
        answer = await this.#post(what, body);
      }
      if (answer && !answer.joined) this.#answer(answer);
    } catch {
      this.#failed(what, body);
    } finally {
      this.typing.hidden = !--this.#waiting;
    }
  }

  async #post(what, body = {}) {
    const reply = await fetch(`/api/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Conversation": this.#id },
      body: JSON.stringify(body),
      cache: "no-store",
      keepalive: what === "leave",
    });
    if (reply.status === 204) return null;
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json();
  }

  async #untilReady() {
    for (;;) {
      await new Promise((later) => setTimeout(later, ASK_READY_EVERY));
      const state = await fetch("/api/ready", { cache: "no-store" }).then((reply) => reply.json());
      if (state.ready) return;
    }
  }

  #answer({ conversation, replies }) {
    this.#id = conversation;
    const watched = replies.some((reply) => reply.response === "utter_risk_someone_watching");
    if (watched) this.#cover();
    document.body.classList.toggle("quiet", watched);
    const first = this.log.children.length;
    for (const reply of replies) this.#show("bot", reply.text, reply.links, reply.buttons, reply.response);
    this.log.children[first]?.scrollIntoView({ block: "start" });
  }

  #show(who, text, links = [], buttons = [], response = "") {
    if (who === "me") for (const old of this.log.querySelectorAll(".choices")) old.remove();
    const said = document.createElement("div");
    said.className = `said ${who}`;
    for (const paragraph of text.split("\n\n")) {
      const p = document.createElement("p");
      p.append(...linked(paragraph, links));
      said.append(p);
    }
    if (TO_COPY.test(response)) copyLines(said, text);
    if (TO_SHOW.test(response)) showLarge(said);
    this.log.append(said);
    if (buttons.length) this.log.append(this.#choices(buttons));
    if (who === "me") said.scrollIntoView({ block: "nearest" });
  }

  #choices(buttons) {
    const row = document.createElement("div");
    row.className = "choices";
    for (const { title, payload } of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = title;
      button.addEventListener("click", () => this.#tap(title, payload));
      row.append(button);
    }
    return row;
  }

  /** Someone may be looking: take what was said off the screen and off the page. */
  #cover() {
    closeSheets();
    this.log.replaceChildren();
    this.box.value = "";
  }

  #failed(what, body) {
    this.#show("bot", "That did not get through. In danger now, call 999. Childline is on 0800 1111, if you are under 19.", [
      { text: "999", href: "tel:999" },
      { text: "0800 1111", href: "tel:08001111" },
    ]);
    const row = document.createElement("div");
    row.className = "choices";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => (row.remove(), this.#ask(what, body)));
    row.append(again);
    this.log.append(row);
    row.scrollIntoView({ block: "nearest" });
  }

  #leave() {
    if (this.#id) this.#post("leave").catch(() => {});
    this.#id = "";
    this.#cover();
  }
}

/** Text with its known numbers and addresses as links; takes from `links` those it has used. */
function linked(text, links) {
  const parts = [];
  let rest = text;
  while (links.length) {
    const link = links[0];
    const at = rest.indexOf(link.text);
    if (at < 0) break;
    links.shift();
    const a = document.createElement("a");
    a.href = link.href;
    a.textContent = link.text;
    if (link.href.startsWith("https:")) a.rel = "noreferrer noopener";
    if (link.href.startsWith("https:")) a.target = "_blank";
    parts.push(rest.slice(0, at), a);
    rest = rest.slice(at + link.text.length);
  }
  return [...parts, rest];
}

customElements.define("sidedoor-chat", SidedoorChat);
