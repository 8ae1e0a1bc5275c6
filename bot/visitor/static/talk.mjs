// A talk with a counsellor. The page keeps one random token, which the server can kill at any time: in this tab only, so that
// a reload or a closed phone finds its talk again. Words live on the page alone. Events carry none: they say "changed", and the
// page asks what is new after the last number it has, so nothing is lost or doubled when a network breaks.

const KEPT = "talk";
const POLL_EVERY = 5_000; // ms, beside events, and alone where events do not come through
const TYPING_EVERY = 3_000; // ms

export class Talk {
  #last = 0;
  #typed = 0;
  #stopped = false;

  /** `post(what, body, token)` sends one thing; `on` has `state`, `item`, `status`, `typing` and `ended`. */
  constructor(post, on, token) {
    Object.assign(this, { post, on, token, state: "" });
  }

  /** Begin: from now on the page's own requests carry the token. */
  start() {
    keep(this.token);
    this.#poll();
    this.#follow();
  }

  /** The token of a talk this tab had before it was reloaded, or "". */
  static kept() {
    try {
      return sessionStorage.getItem(KEPT) ?? "";
    } catch {
      return "";
    }
  }

  stop() {
    this.#stopped = true;
    keep("");
  }

  types() {
    if (this.state !== "talking" || Date.now() - this.#typed < TYPING_EVERY) return;
    this.#typed = Date.now();
    this.post("handoff/typing").catch(() => {});
  }

  /** Ask for what is new and hand it on, in order. */
  async look() {
    const news = await this.post("handoff/news", { after: this.#last }).catch(() => null);
    if (!news || this.#stopped) return;
    for (const item of news.items) {
      if (item.seq <= this.#last) continue;
      this.#last = item.seq;
      this.on.item(item);
      if (item.ended) this.#over();
    }
    this.#last = Math.max(this.#last, news.last ?? 0);
    this.on.typing(Boolean(news.typing));
    if (news.state !== this.state) this.on.state((this.state = news.state));
    if (news.state !== "broken") this.on.status(news.state === "waiting" ? news.status : null);
    if (news.state === "gone") (this.on.item(news.status), this.#over());
  }

  #over() {
    if (this.#stopped) return;
    this.stop();
    this.on.ended();
  }

  async #poll() {
    while (!this.#stopped) {
      await this.look();
      await new Promise((later) => setTimeout(later, POLL_EVERY));
    }
  }

  async #follow() {
    while (!this.#stopped) {
      try {
        const reply = await this.post("handoff/events", {}, "stream");
        const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { value, done } = await reader.read();
          if (done || this.#stopped) break;
          if (value.includes("changed")) await this.look();
        }
      } catch {
        // No events here: polling goes on.
      }
      await new Promise((later) => setTimeout(later, POLL_EVERY));
    }
  }
}

function keep(token) {
  try {
    token ? sessionStorage.setItem(KEPT, token) : sessionStorage.removeItem(KEPT);
  } catch {
    // A private window in a frame: the talk lives as long as this page does.
  }
}
