// An administrator's page: accounts, each change with a new code from the app. No texts.

import { call, template, text } from "./wire.mjs";

export async function admin(main) {
  main.append(template("admin"));
  main.querySelector(".add").addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = await call("account-add", Object.fromEntries(new FormData(event.target)));
    if (made) (event.target.reset(), once(made), list(main));
  });
  list(main);
}

async function list(main) {
  const found = await call("accounts");
  if (!found) return;
  main.querySelector("tbody").replaceChildren(...found.accounts.map((one) => line(main, one)));
}

function line(main, one) {
  const row = document.createElement("tr");
  const state = one.active ? (one.totp_seen ? "active" : "not signed in yet") : "disabled";
  for (const words of [one.login, one.name, one.role, state]) row.append(text("td", words));
  const does = document.createElement("td");
  for (const [label, step] of [["Reset", "account-reset"], ["Disable", "account-disable"]]) {
    const button = text("button", label);
    button.addEventListener("click", async () => {
      const code = window.prompt(`${label} ${one.login}: type a new code from your app`);
      const made = code && (await call(step, { login: one.login, code }));
      if (made) (made.passphrase && once(made), list(main));
    });
    does.append(button);
  }
  row.append(does);
  return row;
}

/** A passphrase that is shown this once. */
function once(made) {
  const lost = made.lost ? ` ${made.lost} things only they could open are lost.` : "";
  window.alert(`Tell ${made.login} this first passphrase, in person: ${made.passphrase}.${lost}`);
}
