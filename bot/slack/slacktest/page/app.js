// The page works without this file; with it, it is live and does not reload.

const parts = ["list", "thread"];
let dirty = false;
let loading = false;

const atEnd = (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 80;
const toEnd = (el) => { el.scrollTop = el.scrollHeight; };

// A part in which somebody is typing is left alone until they are done.
const busy = (el) => el.contains(document.activeElement) && document.activeElement.matches("input, textarea");

async function refresh() {
  if (loading) { dirty = true; return; }
  loading = true;
  dirty = false;
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "page" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of parts) swap(document.getElementById(id), fresh.getElementById(id));
  } catch {
    // the event source comes back by itself, and then tells again
  } finally {
    loading = false;
    if (dirty) refresh();
  }
}

function swap(old, fresh) {
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  if (busy(old)) { old.dataset.stale = "yes"; return; }
  delete old.dataset.stale;
  const end = atEnd(old);
  // Only what changed is replaced, so that a screen reader reads only what is new.
  const have = new Map([...old.children].map((el) => [el.id, el]));
  const focus = document.activeElement?.closest?.(".msg")?.id;
  old.replaceChildren(...[...fresh.children].map((el) => {
    const before = have.get(el.id);
    return before && before.isEqualNode(el) ? before : document.importNode(el, true);
  }));
  if (focus && document.activeElement === document.body) old.querySelector(`#${CSS.escape(focus)} button`)?.focus();
  if (end) toEnd(old);
}

document.addEventListener("focusout", (e) => {
  if (e.target.closest?.("[data-stale]")) setTimeout(refresh);
});

async function submit(form, submitter) {
  const data = new FormData(form, submitter);
  const box = form.querySelector("textarea");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { "X-Requested-With": "page" } });
  if (!answer.ok) return;
  if (box) { box.value = ""; box.focus(); }
  form.closest("details")?.removeAttribute("open");
  if (form.contains(document.activeElement) && !box) document.activeElement.blur();
  for (const id of parts) { const el = document.getElementById(id); if (el && box) toEnd(el); }
  refresh();
}

document.addEventListener("submit", (e) => {
  if (e.target.getAttribute("method") !== "post") return;
  e.preventDefault();
  submit(e.target, e.submitter);
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || e.shiftKey || !e.target.matches("[data-composer] textarea")) return;
  if (e.isComposing || e.keyCode === 229) return; // this Enter belongs to the input method
  e.preventDefault();
  e.target.form.requestSubmit();
});

for (const id of parts) { const el = document.getElementById(id); if (el) toEnd(el); }
new EventSource("live").addEventListener("change", refresh);
