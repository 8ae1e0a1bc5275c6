// Leaving fast: blank the page first, forget second, go third; never wait for the network.

const SHIFTS = 3;
const WITHIN = 5_000; // ms, as GOV.UK's "Exit this page" has it

/** Make `link` and Shift pressed three times leave at once; `forget(forGood)` wipes the chat. */
export function leaveFast(link, forget) {
  const leave = () => {
    document.body.classList.add("blank");
    document.title = "Weather";
    forget(true);
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return void (presses = []);
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (presses.length >= SHIFTS) leave();
  });

  // A page kept by the browser could come back with the chat on it.
  window.addEventListener("pagehide", () => forget(false));
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
