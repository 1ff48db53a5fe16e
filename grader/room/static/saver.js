// Saving: every change goes to the server at once; what is not acknowledged stays on this computer and is sent again.
// What was acknowledged stays in this tab: a room that was restored from a backup gets back what the backup lacks.

import { remembered } from "./dom.js";

const TYPING_MS = 400;
const RETRY_MS = [1000, 2000, 4000, 5000];
const TIMEOUT_MS = 8000;

/** A request to the room; resolves to [status, body], with status 0 when nobody answered. */
export async function call(method, path, body, options = {}) {
  const root = document.documentElement.dataset;
  const headers = { "X-XSRFToken": root.xsrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin", cache: "no-store", redirect: "manual", ...options };
  if (!options.keepalive) init.signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const reply = await fetch(`${root.base}/api/${path}`, init);
    const answer = await reply.json();
    if (answer.xsrf) root.xsrf = answer.xsrf;
    return [reply.status, answer];
  } catch {
    return [0, {}];
  }
}

export class Saver {
  /**
   * `page` is the page's own name. `tellState(state, time)` hears "saving", "saved", "not-saved"; `refused(slot, status)`
   * hears what the room will not take, `acknowledged(slot, answer)` what it says to what it took. `now()` is the room's
   * own time in milliseconds.
   */
  constructor({ seat, sitting, page, now, tellState, refused, acknowledged }) {
    Object.assign(this, { seat, page, now, tellState, refused, acknowledged });
    this.shelf = `academy:${sitting}:${seat}`;
    this.turn = 0;
    this.pending = {}; // slot -> {value?, flag?, at, turn}: not acknowledged yet
    this.saved = JSON.parse(remembered("sessionStorage", this.shelf) || "{}"); // slot -> {value, at}: the room took it then
    this.sending = new Set();
    this.failures = 0;
    this.timer = null;
    this.paused = false; // while the seat is locked, paused or written elsewhere, all is kept and nothing is sent
    window.addEventListener("online", () => this.flush());
    window.addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("visibilitychange", () => this.flush(document.visibilityState === "hidden"));
  }

  get clean() {
    return Object.keys(this.pending).length === 0;
  }

  /** Take a change ({value} and/or {flag}); typing waits a moment for the next key. */
  change(slot, patch, typing = false) {
    this.turn += 1;
    this.pending[slot] = { ...this.pending[slot], ...patch, at: this.now(), turn: this.turn, refused: false };
    this._keep();
    this.tellState(this.failures ? "not-saved" : "saving");
    this._later(typing ? TYPING_MS : 0);
  }

  /** What this computer kept from an earlier visit and the server does not have; `times` is when the server last saved each. */
  recover(times) {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(this.shelf) || "{}");
    } catch {
      kept = {};
    }
    const stale = (slot, change) => "value" in change && times[slot] && Date.parse(times[slot]) > change.at;
    for (const [slot, change] of Object.entries(this.pending)) if (stale(slot, change)) delete this.pending[slot];
    for (const [slot, change] of Object.entries(kept)) {
      if (!stale(slot, change) && !this.pending[slot]) this.pending[slot] = { ...change, turn: (this.turn += 1), refused: false };
    }
    for (const [slot, { value, at }] of Object.entries(this.saved)) {
      if (Date.parse(times[slot] || 0) < at && !this.pending[slot]) this.pending[slot] = { value, at: this.now(), turn: (this.turn += 1), refused: false };
    }
    this._keep();
    if (!this.clean) this._later(0);
    return this.pending;
  }

  /** Send everything now; `leaving` also when the page is about to go away. */
  flush(leaving = false) {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.paused) return;
    for (const slot of Object.keys(this.pending)) {
      if (this.pending[slot].refused || (this.sending.has(slot) && !leaving)) continue;
      this._send(slot, leaving);
    }
  }

  /** Whether something is still to be sent; what the room refused for good is not. */
  get open() {
    return Object.values(this.pending).some((change) => !change.refused);
  }

  /** Send what is left and wait for what the room says to it; whether the room then has all that it takes. */
  async settle() {
    // The second round is for a change that came while an older one of the same question was on its way.
    for (let round = 0; round < 2 && this.open; round += 1) {
      this.flush();
      while (this.sending.size) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return !this.open;
  }

  /** Try again in a second what was refused for a reason that may be gone now, such as an old login. */
  retry() {
    if (!this.clean) this._later(RETRY_MS[0]);
  }

  /** Send nothing more until `paused` is false again. */
  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.paused = true;
  }

  /** Forget what was kept: the exam is handed in. */
  close() {
    clearTimeout(this.timer);
    this.pending = {};
    this.saved = {};
    remembered("sessionStorage", this.shelf, "{}");
    this._keep();
  }

  async _send(slot, leaving) {
    const change = this.pending[slot];
    this.sending.add(slot);
    const body = { page: this.page, turn: change.turn };
    for (const name of ["value", "flag"]) if (name in change) body[name] = change[name];
    const [status, answer] = await call("PUT", `seats/${this.seat}/answers/${slot}`, body, leaving ? { keepalive: true } : {});
    this.sending.delete(slot);
    if (status === 200) this._acknowledged(slot, change, answer);
    else if (status === 0 || status >= 500) this._failed();
    else {
      if (this.pending[slot] && (status === 400 || status === 404 || status === 413)) this.pending[slot].refused = true;
      if (status === 401) this._later(RETRY_MS[3]); // until the candidate has logged in again, perhaps in another tab
      this.tellState("not-saved");
      this.refused(slot, status);
    }
  }

  _acknowledged(slot, change, answer) {
    this.failures = 0;
    this.acknowledged(slot, answer);
    if ("value" in change && !answer.overtaken) {
      this.saved[slot] = { value: change.value, at: Date.parse(answer.saved_at) };
      remembered("sessionStorage", this.shelf, JSON.stringify(this.saved));
    }
    // A change that came while this one was on its way is newer: it stays, and goes next.
    if (this.pending[slot] && this.pending[slot].turn === change.turn) delete this.pending[slot];
    this._keep();
    if (this.clean) this.tellState("saved", answer.saved_at);
    else if (!this.timer) this._later(0);
  }

  _failed() {
    this.tellState("not-saved");
    this._later(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
  }

  _later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), ms);
  }

  _keep() {
    try {
      if (this.clean) localStorage.removeItem(this.shelf);
      else localStorage.setItem(this.shelf, JSON.stringify(this.pending));
    } catch {
      // A browser that keeps nothing still saves on the server.
    }
  }
}
