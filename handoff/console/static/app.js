// What every page of the desk shares: the browser's time zone for the server, menus that close, live search, results
// without leaving the page. Everything works without it, by plain forms.

import { composing, fragment, SignedOut } from "./fragment.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`deskbell_tz=${encodeURIComponent(zone)}`)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `deskbell_tz=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

document.addEventListener("click", (e) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(e.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !composing(e) && e.target instanceof HTMLTextAreaElement) {
    e.preventDefault();
    e.target.form?.requestSubmit();
  }
});

// Search while typing.
for (const form of document.querySelectorAll("form[data-search]")) {
  const target = document.getElementById(form.dataset.search);
  let timer = 0;
  let newest = 0;
  const search = async () => {
    const url = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const mine = ++newest;
    try {
      const { status, content } = await fragment(url, form.dataset.search);
      if (status === 200 && mine === newest) {
        target.replaceChildren(content);
        history.replaceState(null, "", url);
      }
    } catch (err) {
      if (err instanceof SignedOut) location.reload(); // else offline: the button still works when the network is back
    }
  };
  form.addEventListener("input", (e) => {
    if (composing(e)) return;
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  form.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
}

// Results below a form that posts.
for (const form of document.querySelectorAll("form[data-result]")) {
  form.addEventListener("submit", async (e) => {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy") === "true") {
      e.preventDefault();
      return;
    }
    e.preventDefault();
    button.setAttribute("aria-busy", "true");
    try {
      const { content } = await fragment(form.action, form.dataset.result, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      document.getElementById(form.dataset.result).replaceChildren(content);
    } catch {
      form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
