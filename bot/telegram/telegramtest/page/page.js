// The page works without this script; with it, messages appear by themselves and sending does not reload.
const chat = document.body.dataset.chat;
const lang = document.body.dataset.lang;
const log = () => document.getElementById("log");
const trouble = document.getElementById("trouble");

const nearEnd = (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 120;
const toEnd = (el) => { el.scrollTop = el.scrollHeight; };

// settle puts the server's list in place of ours, item by item, so that a screen reader hears only what is new.
function settle(fresh) {
  const ours = log();
  const follow = nearEnd(ours);
  const theirs = fresh.getElementById("log");
  const keep = new Set();
  let last = null;
  for (const item of [...theirs.children]) {
    keep.add(item.id);
    const old = document.getElementById(item.id);
    let here = old;
    if (!old) {
      here = document.adoptNode(item);
      last ? last.after(here) : ours.prepend(here);
    } else if (old.dataset.rev !== item.dataset.rev) {
      here = document.adoptNode(item);
      const focused = old.contains(document.activeElement) ? document.activeElement.value : null;
      old.replaceWith(here);
      if (focused) here.querySelector(`button[value="${CSS.escape(focused)}"]`)?.focus();
    }
    last = here;
  }
  for (const item of [...ours.children]) if (!keep.has(item.id)) item.remove();
  const state = fresh.getElementById("state");
  document.getElementById("state").replaceWith(document.adoptNode(state));
  if (follow) toEnd(ours);
  clearTimeout(typingTimer);
  if (state.hasAttribute("data-typing")) typingTimer = setTimeout(refresh, 1500);
}

let typingTimer = 0;
let busy = false;
let again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const resp = await fetch(`log?chat=${encodeURIComponent(chat)}&lang=${lang}`);
    if (resp.ok) settle(new DOMParser().parseFromString(await resp.text(), "text/html"));
  } catch {
    // The event stream reconnects by itself and asks again.
  }
  busy = false;
  if (again) { again = false; refresh(); }
}

function complain(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

async function post(form, button) {
  const data = new URLSearchParams(new FormData(form, button));
  const as = document.querySelector('select[name="as"]'); // in a group, whoever writes presses buttons too
  if (as) data.set("as", as.value);
  try {
    const resp = await fetch(form.getAttribute("action"), { method: "POST", body: data, redirect: "manual" });
    const ok = resp.ok || resp.type === "opaqueredirect";
    complain(ok ? "" : await resp.text());
    return ok;
  } catch {
    complain(document.body.dataset.failed);
    return false;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const action = form.getAttribute("action");
  if (action === "edit" || action === "block") return; // these change the page itself
  event.preventDefault();
  const ok = await post(form, event.submitter);
  if (!ok) return;
  if (form.id === "write") {
    form.elements.text.value = "";
    form.elements.text.focus();
  }
  form.closest("details")?.removeAttribute("open");
  toEnd(log());
});

const text = document.getElementById("text");
text.addEventListener("keydown", (event) => {
  // 229: some browsers report the Enter that ends a composition only so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (text.value.trim()) text.form.requestSubmit();
});

const mention = document.getElementById("mention");
if (mention) {
  mention.hidden = false;
  mention.addEventListener("click", () => {
    if (!text.value.includes(mention.dataset.insert.trim())) text.value = mention.dataset.insert + text.value;
    text.focus();
  });
}

toEnd(log());
text.focus({ preventScroll: true });
new EventSource("events").addEventListener("change", refresh);
