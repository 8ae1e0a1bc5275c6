// The chat on the page. Nothing is stored: not in the browser, not in the address. The conversation's
// id lives in this module and travels in a header.

import { drawCard } from "./card.mjs";
import { closeSheets, copyLines, showLarge } from "./keep_in_hand.mjs";
import { leaveFast } from "./leave.mjs";
import { Talk } from "./talk.mjs";

const ALIVE_EVERY = 60_000; // ms
const ASK_READY_EVERY = 1_000; // ms
// Pages with ready lines to copy, and those with words to show to somebody.
const TO_COPY = /^utter_page_(no|tell)_|^utter_ask_how_to|^utter_handoff_practise/;
const TO_SHOW = /^utter_page_take_/;

class SidedoorChat extends HTMLElement {
  #id = "";
  #waiting = 0;
  #talk = null;

  async connectedCallback() {
    this.log = this.querySelector(".log");
    this.typing = this.querySelector(".typing:not(.them)");
    this.theirs = this.querySelector(".typing.them");
    this.line = this.querySelector(".waiting");
    this.bar = this.querySelector(".talk");
    this.box = this.querySelector("textarea");
    this.hidden = false;
    this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    this.box.addEventListener("keydown", (event) => this.#enter(event));
    this.box.addEventListener("input", () => this.#talk?.types());
    for (const button of this.bar.querySelectorAll("button")) button.addEventListener("click", () => this.#tap(button.textContent, button.dataset.tap));
    setInterval(() => this.#id && this.#post("alive").catch(() => {}), ALIVE_EVERY);
    leaveFast(document.querySelector("#leave"), (forGood) => this.#leave(forGood));
    await this.#ask("open", {});
    if (Talk.kept()) this.#talkWith(Talk.kept());
  }

  #enter(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return this.box.focus();
    this.box.value = "";
    this.box.focus();
    if (this.#talk?.state === "talking") return this.#say(text);
    this.#show("me typed", text);
    this.#ask("say", { text });
  }

  /** Say something to the counsellor. It shows once it is safely there; until then it can be sent again without doubling. */
  async #say(text, key = crypto.randomUUID()) {
    try {
      const answer = await this.#post("say", { text, key });
      if (!answer.relayed) throw new Error("not relayed");
      for (const reply of answer.replies) this.#show("bot", reply.text, reply.links, reply.buttons, reply.response);
      await this.#talk?.look();
    } catch {
      this.#show("me", text);
      this.#failed("say", { text, key });
    }
  }

  #tap(title, payload) {
    const said = payload === "handoff_chat" ? { said: this.#typed() } : {};
    if (title) this.#show("me", title);
    this.#ask("tap", { button: payload, ...said });
  }

  /** What was typed so far, as it stands on the page; sent only when they choose to add it to their card. */
  #typed() {
    return [...this.log.querySelectorAll(".said.me.typed")].map((said) => said.textContent);
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

  async #post(what, body = {}, how = "json") {
    const reply = await fetch(`/api/${what}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Conversation": this.#id,
        ...(this.#talk && (what !== "leave" || body.forGood) ? { "X-Handoff": this.#talk.token } : {}),
      },
      body: JSON.stringify(body),
      cache: "no-store",
      keepalive: what === "leave",
    });
    if (reply.status === 204) return null;
    if (!reply.ok) throw new Error(String(reply.status));
    return how === "stream" ? reply : reply.json();
  }

  async #untilReady() {
    for (;;) {
      await new Promise((later) => setTimeout(later, ASK_READY_EVERY));
      const state = await fetch("/api/ready", { cache: "no-store" }).then((reply) => reply.json());
      if (state.ready) return;
    }
  }

  #answer({ conversation, replies, card, handoff, ended, relayed }) {
    this.#id = conversation;
    if (handoff) this.#talkWith(handoff);
    if (ended) this.#talkOver();
    if (relayed) this.#talk?.look();
    const watched = replies.some((reply) => reply.response === "utter_risk_someone_watching");
    if (watched) this.#cover();
    document.body.classList.toggle("quiet", watched);
    const first = this.log.children.length;
    for (const reply of replies) this.#show("bot", reply.text, reply.links, card ? [] : reply.buttons, reply.response);
    if (card) this.#card(card, replies.at(-1)?.buttons ?? []);
    this.log.children[first]?.scrollIntoView({ block: "start" });
  }

  #show(who, text, links = [], buttons = [], response = "", name = "") {
    if (who.startsWith("me")) for (const old of this.log.querySelectorAll(".choices")) old.remove();
    const said = document.createElement("div");
    said.className = `said ${who}`;
    if (name) {
      const from = document.createElement("small");
      from.textContent = name;
      said.append(from);
    }
    for (const paragraph of text.split("\n\n")) {
      const p = document.createElement("p");
      p.append(...linked(paragraph, links));
      said.append(p);
    }
    if (TO_COPY.test(response)) copyLines(said, text);
    if (TO_SHOW.test(response)) showLarge(said);
    this.log.append(said);
    if (buttons.length) this.log.append(this.#choices(buttons));
    if (who !== "bot" || name) said.scrollIntoView({ block: "nearest" });
  }

  /** One card on the page, with its choices below: a changed one takes the place of the last. */
  #card(lines, buttons) {
    for (const old of this.log.querySelectorAll(".card, .choices")) old.remove();
    this.log.append(drawCard(lines, (title, payload) => this.#tap(title, payload)), this.#choices(buttons));
  }

  #talkWith(token) {
    this.#talk?.stop();
    for (const old of this.log.querySelectorAll(".card")) old.remove();
    const on = {
      state: (state) => {
        this.bar.hidden = state !== "talking";
        document.body.classList.toggle("talking", state === "talking");
      },
      item: (item) => this.#show(item.by ?? "bot", item.text, item.links, item.buttons, item.response, item.name),
      status: (status) => this.#inLine(status),
      typing: (yes) => (this.theirs.hidden = !yes),
      ended: () => this.#talkOver(),
    };
    this.#talk = new Talk((what, body, how) => this.#post(what, body, how), on, token);
    this.#talk.start();
  }

  #talkOver() {
    this.#talk?.stop();
    this.#talk = null;
    this.#inLine(null);
    this.bar.hidden = this.theirs.hidden = true;
    document.body.classList.remove("talking");
  }

  /** Where they are in the line; said again only when it changes. */
  #inLine(status) {
    if ((status?.text ?? "") === (this.line.dataset.says ?? "")) return;
    this.line.dataset.says = status?.text ?? "";
    this.line.hidden = !status;
    this.line.replaceChildren();
    if (!status) return;
    const words = document.createElement("p");
    words.append(...linked(status.text, [...status.links]));
    this.line.append(words, this.#choices(status.buttons));
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
    again.addEventListener("click", () => {
      row.remove();
      body.key ? this.#say(body.text, body.key) : this.#ask(what, body);
    });
    row.append(again);
    this.log.append(row);
    row.scrollIntoView({ block: "nearest" });
  }

  /** Forget here and there. A page that is only closed can come back to its talk; leaving for good ends it. */
  #leave(forGood) {
    if (this.#id || this.#talk) this.#post("leave", { forGood }).catch(() => {});
    if (forGood) this.#talkOver();
    this.#id = "";
    this.#cover();
    this.line.replaceChildren();
    delete this.line.dataset.says;
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
