// The inbox, live: the server says over server-sent events which conversations changed, and the same fragments that the
// page was made of are fetched anew. What an agent is typing, the place in the text and the place in the list stay.

import { fragment, SignedOut } from "./fragment.js";

const inbox = document.querySelector(".inbox");
const list = document.getElementById("list");
const pane = document.getElementById("conversation");
const toast = document.getElementById("toast");
const drafts = new Map(); // handoff id → {reply, note}: kept in memory only, never in the browser's storage
const listEvery = 1000; // ms: a busy day must not make every change a request

const conv = () => pane.querySelector(".conv");
const openId = () => conv()?.dataset.id ?? "";
const pathOf = (id) => `/inbox/${encodeURIComponent(id)}${inbox.dataset.view === "closed" ? "?view=closed" : ""}`;

// ---- putting fragments in place ----

/** patch makes the children of one element like those of another, keeping every child that did not change. */
function patch(current, next) {
  let at = current.firstChild;
  for (const node of [...next.childNodes]) {
    const same = node.id ? [...current.children].find((c) => c.id === node.id) : undefined;
    if (same) {
      if (same !== at) current.insertBefore(same, at);
      if (same.isEqualNode(node)) {
        at = same.nextSibling;
      } else {
        const focused = same.contains(document.activeElement);
        current.replaceChild(node, same);
        at = node.nextSibling;
        if (focused) node.querySelector("a, button")?.focus({ preventScroll: true });
      }
    } else {
      current.insertBefore(node, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

let pressing = false; // a row that is replaced between press and release would lose the click
let listAfter; // the list that came meanwhile
list.addEventListener("pointerdown", () => { pressing = true; });
for (const type of ["pointerup", "pointercancel"]) {
  addEventListener(type, () => setTimeout(() => { // after the click
    pressing = false;
    if (listAfter) showList(listAfter);
  }));
}

function showList(content) {
  listAfter = pressing ? content : undefined;
  if (pressing) return;
  const scroll = list.querySelector(".rows")?.scrollTop ?? 0;
  const focused = document.activeElement?.closest?.("#list a")?.getAttribute("href");
  const before = Number(list.querySelector(".rows")?.dataset.waiting ?? 0);
  list.replaceChildren(content);
  mark();
  const rows = list.querySelector(".rows");
  if (rows) rows.scrollTop = scroll;
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (Number(rows?.dataset.waiting ?? 0) > before && inbox.dataset.view === "open") say(inbox.dataset.arrived);
  count();
}

/** mark shows in the list which conversation is open. */
function mark() {
  for (const a of list.querySelectorAll("a[data-id]")) {
    if (a.dataset.id === openId()) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
}

/** count puts what waits into the title of the window. */
function count() {
  const rows = list.querySelector(".rows");
  const n = Number(rows?.dataset.waiting ?? 0) + Number(rows?.dataset.unread ?? 0);
  document.title = (n && inbox.dataset.view === "open" ? `(${n}) ` : "") + inbox.dataset.title;
}

const atEnd = (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 80;

function toEnd() {
  const messages = pane.querySelector(".messages");
  if (messages) messages.scrollTop = messages.scrollHeight;
  const newest = pane.querySelector("[data-newest]");
  if (newest) newest.hidden = true;
}

function keepDraft() {
  if (!conv()) return;
  const draft = {};
  for (const form of pane.querySelectorAll("form[data-draft]")) draft[form.dataset.draft] = form.elements.text.value;
  draft.mode = pane.querySelector("#mode-note")?.checked ? "note" : "reply";
  drafts.set(openId(), draft);
}

function restoreDraft() {
  const draft = drafts.get(openId());
  if (!draft) return;
  for (const form of pane.querySelectorAll("form[data-draft]")) {
    if (!form.elements.text.value) form.elements.text.value = draft[form.dataset.draft] ?? "";
  }
  const mode = pane.querySelector(`#mode-${draft.mode}`);
  if (mode) mode.checked = true;
}

/** refresh puts a fragment of the open conversation in place, part by part; the composer only when its state changed. */
function refresh(content) {
  const next = content.querySelector(".conv");
  const current = conv();
  if (!next || !current || next.dataset.id !== current.dataset.id) return;
  const messages = current.querySelector(".messages");
  const end = atEnd(messages);
  const last = messages.lastElementChild?.id;
  for (const name of ["head", "card"]) {
    const a = current.querySelector(`[data-part="${name}"]`);
    const b = next.querySelector(`[data-part="${name}"]`);
    if (!a.isEqualNode(b)) a.replaceWith(b);
  }
  patch(messages, next.querySelector(".messages"));
  if (next.dataset.state !== current.dataset.state) {
    keepDraft();
    current.querySelector('[data-part="composer"]').replaceWith(next.querySelector('[data-part="composer"]'));
    current.dataset.state = next.dataset.state;
    restoreDraft();
  }
  if (end) toEnd();
  else if (messages.lastElementChild?.id !== last) pane.querySelector("[data-newest]").hidden = false;
}

/** show puts a whole conversation in place. */
function show(content) {
  pane.replaceChildren(content);
  inbox.classList.toggle("has-open", Boolean(conv()));
  restoreDraft();
  toEnd();
  mark();
}

function say(text, stay = false) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  if (!stay) say.timer = setTimeout(() => { toast.hidden = true; }, 5000);
}

const typed = () => [...pane.querySelectorAll("form[data-draft]")].some((f) => f.elements.text.value) ||
  [...drafts.values()].some((d) => d.reply || d.note);

/** failed deals with a request that did not get through; never at the price of what somebody is typing. */
function failed(err, text) {
  if (err instanceof SignedOut) {
    if (typed()) say(inbox.dataset.signedout, true);
    else location.reload();
  } else if (text) {
    say(text);
  }
}

/** close shows that no conversation is open. */
function close() {
  keepDraft();
  pane.replaceChildren(document.getElementById("nothing").content.cloneNode(true));
  inbox.classList.remove("has-open");
  mark();
}

// ---- fetching ----

let listTimer = 0;
let listLast = 0;
function refreshListSoon() {
  if (listTimer) return;
  listTimer = setTimeout(refreshList, Math.max(0, listLast + listEvery - Date.now()));
}

let listNewest = 0; // answers may overtake each other; only that of the newest request counts
async function refreshList() {
  clearTimeout(listTimer);
  listTimer = 0;
  listLast = Date.now();
  const mine = ++listNewest;
  try {
    const { status, content } = await fragment(inbox.dataset.view === "closed" ? "/inbox?view=closed" : "/inbox", "list");
    if (status === 200 && mine === listNewest) showList(content);
  } catch (err) {
    failed(err); // offline: the stream's reconnect comes back here
  }
}

let conversationNewest = 0;
async function refreshConversation() {
  const id = openId();
  if (!id) return;
  const mine = ++conversationNewest;
  try {
    const { status, content } = await fragment(pathOf(id), "conversation");
    if (status === 200 && mine === conversationNewest && id === openId()) refresh(content);
  } catch (err) {
    failed(err);
  }
}

let opening = 0;
async function open(id, push) {
  const mine = ++opening;
  keepDraft();
  try {
    const { status, content } = await fragment(pathOf(id), "conversation");
    if (mine !== opening) return;
    if (status !== 200) {
      location.assign(pathOf(id));
      return;
    }
    show(content);
    if (push) history.pushState(null, "", pathOf(id));
    const box = pane.querySelector("textarea:enabled");
    if (matchMedia("(min-width: 761px)").matches && conv().dataset.state === "mine") box?.focus();
    else pane.querySelector(".messages").focus({ preventScroll: true });
  } catch (err) {
    failed(err, inbox.dataset.reconnecting);
  }
}

// ---- what an agent does ----

list.addEventListener("click", (e) => {
  const a = e.target.closest("a[data-id]");
  if (!a || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  open(a.dataset.id, true);
});

list.addEventListener("keydown", (e) => {
  if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
  const rows = [...list.querySelectorAll("a[data-id]")];
  const i = rows.indexOf(document.activeElement);
  if (i < 0) return;
  e.preventDefault();
  rows[i + (e.key === "ArrowDown" ? 1 : -1)]?.focus();
});

pane.addEventListener("click", (e) => {
  if (e.target.closest("[data-newest]")) toEnd();
  const back = e.target.closest(".conv-back");
  if (back && e.button === 0 && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    e.preventDefault();
    const id = openId();
    close();
    history.pushState(null, "", back.getAttribute("href"));
    list.querySelector(`a[data-id="${CSS.escape(id)}"]`)?.focus();
  }
});

pane.addEventListener("scroll", (e) => {
  if (e.target.classList?.contains("messages") && atEnd(e.target)) pane.querySelector("[data-newest]").hidden = true;
}, true);

pane.addEventListener("submit", async (e) => {
  const form = e.target.closest("form[data-live]");
  if (!form) return;
  e.preventDefault();
  const button = e.submitter ?? form.querySelector("button");
  if (button.disabled || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const id = openId();
  const action = button.getAttribute("formaction") ?? form.action;
  const kind = action.endsWith(`/${form.dataset.draft}`) ? form.dataset.draft : ""; // "": an action without a text
  const sent = kind ? form.elements.text.value : "";
  try {
    const { status, content } = await fragment(action, "conversation", { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (id === openId()) answered(form, kind, status, content, sent);
    refreshList();
    refreshConversation(); // instead of one that was on its way and may be older than this answer
  } catch (err) {
    failed(err, inbox.dataset.offline);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

/** answered shows what became of a form: done, held back, or somebody was faster. */
function answered(form, kind, status, content, sent) {
  if (!content.querySelector(".conv")) { // an error page: show it whole
    location.assign(location.href);
    return;
  }
  const now = kind ? form.elements.text.value : "";
  keepDraft();
  const draft = drafts.get(openId());
  // Cleared only if it was accepted and nothing was typed meanwhile.
  if (kind && status === 200 && now === sent) draft[kind] = "";
  show(content);
  if (kind) pane.querySelector(`form[data-draft="${kind}"] textarea`)?.focus();
  else if (conv().dataset.state === "mine") pane.querySelector("#reply")?.focus();
}

addEventListener("popstate", () => {
  const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  if (id) open(id, false);
  else close();
});

// ---- the stream ----

let lost = 0;
function listen() {
  const stream = new EventSource("/inbox/events");
  stream.addEventListener("hello", () => {
    if (lost) {
      toast.hidden = true;
      refreshListSoon();
      refreshConversation();
    }
    lost = 0;
  });
  stream.addEventListener("change", (e) => {
    const change = JSON.parse(e.data);
    const ids = change.conversations ?? [];
    if (change.list || ids.some((id) => list.querySelector(`[data-conversation="${CSS.escape(id)}"]`))) refreshListSoon();
    if (ids.includes(conv()?.dataset.conversation)) refreshConversation();
  });
  stream.addEventListener("error", () => {
    lost++;
    if (lost === 2) say(inbox.dataset.reconnecting);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    // Refused: the session has ended, which the next fragment finds out, or the server is being replaced.
    setTimeout(listen, 5000);
    refreshListSoon();
  });
}
listen();

// The floor: a page that is looked at looks for itself from time to time, so that the waiting times are right, too.
setInterval(() => {
  if (document.visibilityState === "visible") refreshListSoon();
}, 30_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    refreshListSoon();
    refreshConversation();
  }
});

toEnd();
count();
