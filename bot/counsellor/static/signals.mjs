// Calling attention without content: a soft sound and a notification that says only that the desk has news.

let sound = null;

/** Two soft notes. Silent where the browser does not allow it yet. */
export function chime() {
  try {
    sound ??= new AudioContext();
    for (const [at, pitch] of [[0, 523], [0.18, 659]]) {
      const note = sound.createOscillator();
      const volume = sound.createGain();
      volume.gain.setValueAtTime(0.08, sound.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + at + 0.4);
      note.frequency.value = pitch;
      note.connect(volume).connect(sound.destination);
      note.start(sound.currentTime + at);
      note.stop(sound.currentTime + at + 0.45);
    }
  } catch {
    // No sound here; the title and the list still tell.
  }
}

export const notify = {
  /** Ask once, when somebody goes on duty. */
  ask: () => "Notification" in window && Notification.permission === "default" && Notification.requestPermission(),
  /** Say that there is something at the desk, and nothing of what. */
  show: () => "Notification" in window && Notification.permission === "granted" && document.hidden && new Notification("Desk", { body: "There is something new.", tag: "desk" }),
};
