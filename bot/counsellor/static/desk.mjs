// The desk's page. Words live in this module's memory only; nothing is stored in the browser. Events carry no words: they say
// that something changed, and the page then asks what.

import { openRoom } from "./room.mjs";
import { admin } from "./admin.mjs";
import { more } from "./more.mjs";
import { chime, notify } from "./signals.mjs";
import { call, me, signedOut, template, text } from "./wire.mjs";

const BEAT_EVERY = 20_000; // ms; the server counts somebody as there for 60 s
const LOOK_EVERY = 15_000; // ms, when no events come
const IDLE_AFTER = 15 * 60_000; // ms without a touch: off duty, and the session ends by itself
const HARD_TALKS = 2; // after so many serious talks, a break is suggested

const main = document.querySelector("#main");
let onDuty = false;
let touched = Date.now();
let known = new Set();
let hard = 0;
let room = null;
let bringBack = "";

for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, () => (touched = Date.now()));
document.addEventListener("keydown", (event) => event.altKey && shortcut(event));
signedOut(() => show(signIn));

start();

async function start() {
  const found = await me();
  if (!found) return show(signIn);
  if (found.first) return show(firstTime);
  document.querySelector("#who").textContent = `${found.name}, ${found.role}`;
  onDuty = found.on_duty;
  found.role === "administrator" ? show(() => admin(main)) : show(desk);
  duty(found);
}

function show(what) {
  document.querySelector("#notice").textContent = "";
  main.replaceChildren();
  what();
  main.focus();
}

function signIn() {
  document.querySelector("#who").textContent = "";
  document.querySelector("#duty").replaceChildren();
  main.append(template("sign-in"));
  main.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(event.target));
    if (await call("sign-in", said)) start();
  });
}

async function firstTime() {
  main.append(template("first"));
  const found = await call("first-secret");
  if (!found) return;
  const image = new DOMParser().parseFromString(found.svg, "image/svg+xml").documentElement;
  main.querySelector(".qr").append(image);
  main.querySelector(".key").textContent = found.key;
  main.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = await call("first-finish", Object.fromEntries(new FormData(event.target)));
    if (done) show(() => recovery(done.recovery));
  });
}

function recovery(codes) {
  main.append(template("recovery"));
  main.querySelector(".codes").append(...codes.map((code) => text("li", code)));
  main.querySelector(".go").addEventListener("click", start);
}

function duty(found) {
  const place = document.querySelector("#duty");
  const out = text("button", "Sign out");
  out.addEventListener("click", async () => (await call("sign-out"), (onDuty = false), show(signIn)));
  if (found.role === "administrator") return place.replaceChildren(out);
  const toggle = text("button", onDuty ? "On duty: go off" : "Off duty: go on");
  toggle.classList.toggle("on", onDuty);
  toggle.setAttribute("aria-pressed", String(onDuty));
  toggle.addEventListener("click", async () => {
    notify.ask();
    onDuty = !onDuty;
    const now = await beat();
    if (now && now.on_duty !== onDuty) {
      document.querySelector("#notice").textContent = "You have an open talk. End it or hand it on first.";
      onDuty = now.on_duty;
    }
    duty(found);
    look();
  });
  place.replaceChildren(toggle, out);
}

/** A heartbeat brings back what the server answered to the last one. */
async function beat() {
  const now = await call("beat", { on_duty: onDuty && Date.now() - touched < IDLE_AFTER, back: bringBack });
  if (now) bringBack = now.bring_back;
  return now;
}

function desk() {
  main.append(template("desk"));
  more(main, () => (room?.close(), (room = null)));
  beat();
  look();
  const beats = setInterval(() => (main.querySelector(".desk") ? beat() : clearInterval(beats)), BEAT_EVERY);
  const looks = setInterval(() => (main.querySelector(".desk") ? look() : clearInterval(looks)), LOOK_EVERY);
  follow();
}

/** Listen to events for as long as the desk is on the page; where they do not come through, looking every few seconds is enough. */
async function follow() {
  while (main.querySelector(".desk")) {
    try {
      for await (const what of call.stream("events")) if (what === "changed") look();
    } catch {
      await new Promise((later) => setTimeout(later, 3_000));
    }
  }
}

async function look() {
  const found = await call("look");
  if (!found || !main.querySelector(".desk")) return;
  const people = await me();
  list(".waiting", found.waiting, (one) => waitingLine(one, people));
  list(".mine", found.mine, mineLine);
  list(".left", found.left, leftLine);
  list(".alarms", found.alarms ?? [], alarmLine, true);
  list(".decisions", found.decisions ?? [], decisionLine, true);
  sideNotes();
  tell(found);
  room?.look(found.colleagues);
}

function list(where, items, line, hide = false) {
  const section = main.querySelector(where);
  if (hide) section.hidden = !items.length;
  section.querySelector("ul").replaceChildren(...(items.length ? items.map(line) : [text("li", where === ".side" ? "Nothing" : "Nobody", "soft")]));
}

function waitingLine(one, people) {
  const item = document.createElement("li");
  item.className = one.concern ?? (one.high ? "high" : "");
  const topics = one.topics ? one.topics.map((topic) => people.topics[topic] ?? topic).join("; ") || "no topic on the card" : "card opens in a moment";
  const more = [`${one.minutes} min`, one.out && "stepped out", one.back && "came back with a code", one.channel].filter(Boolean).join(", ");
  item.append(text("p", `${one.concern ?? (one.high ? "high" : "worry")}: ${topics}`), text("p", more, "soft"));
  if (people.role === "counsellor" && one.topics) {
    const take = text("button", "Talk with them");
    take.addEventListener("click", async () => (await call("claim", { id: one.id })) && enter(one.id));
    item.append(take);
  }
  return item;
}

function mineLine(one) {
  const item = document.createElement("li");
  item.className = [one.high ? "high" : "", room?.id === one.id ? "on" : ""].join(" ");
  const how = one.state === "talking" ? "talking" : "ended, decision pending";
  item.append(text("p", `${one.who}: ${how}${one.flags.includes("danger") ? ", danger heard" : ""}`));
  if (one.can_open) item.append(press("Open", () => enter(one.id)));
  else if (one.state === "talking") item.append(press("Join (they see it)", async () => (await call("join", { id: one.id })) && look()));
  return item;
}

function leftLine(one) {
  const item = document.createElement("li");
  item.className = one.high ? "high" : "";
  item.append(text("p", `${one.high ? "high, " : ""}${one.hours} hours left`));
  if (one.can_open) item.append(press("Read and answer", () => enter(one.id)));
  return item;
}

function alarmLine(one) {
  const item = document.createElement("li");
  item.append(text("p", one.kind), press("Seen to", async () => (await call("see-to", { id: one.id })) && look()));
  if (one.handoff) item.append(press("Open the talk", () => enter(one.handoff)));
  return item;
}

function decisionLine(one) {
  const item = document.createElement("li");
  item.append(text("p", `${one.needed ? "report needed" : "no report needed"}: ${one.harm}; ${one.duty}; told ${one.told}`));
  item.append(press("Confirm", async () => (await call("confirm", { id: one.id })) && look()));
  return item;
}

async function sideNotes() {
  const found = await call("side-notes");
  if (!found) return;
  const people = await me();
  list(".side", found.notes, (one) => {
    const item = document.createElement("li");
    const kind = { asked: "asks", held: "sent held words", answered: "answers" }[one.kind];
    item.append(text("p", `${one.from} ${kind}: ${one.text}`));
    if (one.kind === "asked" && people.role === "supervisor") {
      item.append(press("Answer", async () => {
        const said = window.prompt("Your answer (only they read it)");
        if (said) await call("reply-side", { id: one.id, text: said });
      }));
    }
    return item;
  });
}

/** A sound and a notification that say only that somebody is there. */
function tell(found) {
  const now = new Set([...found.waiting, ...(found.alarms ?? [])].map((one) => one.id));
  if ([...now].some((id) => !known.has(id)) && onDuty) (chime(), notify.show());
  known = now;
  document.title = found.waiting.length ? `(${found.waiting.length}) Desk` : "Desk";
}

async function enter(id) {
  room?.close();
  room = await openRoom(main.querySelector(".room"), id, (serious) => {
    hard += serious ? 1 : 0;
    if (hard >= HARD_TALKS) document.querySelector("#notice").textContent = "You have had hard talks. Take a break before the next, and tell your supervisor if it stays with you.";
    room = null;
    look();
  });
  look();
}

function press(label, what) {
  const button = text("button", label);
  button.type = "button";
  button.addEventListener("click", what);
  return button;
}

function shortcut(event) {
  const number = Number(event.key);
  const buttons = main.querySelectorAll(number ? ".mine button" : event.key === "w" ? ".waiting button" : "nothing");
  const wanted = buttons[number ? number - 1 : 0];
  if (wanted) (event.preventDefault(), wanted.click());
}
