// Parts of pages, fetched anew from the server that made them.

// The only way to make HTML of a text on these pages: fragments of our own server, fetched by fragment() below.
const policy = window.trustedTypes?.createPolicy("deskbell", { createHTML: (html) => html }) ?? { createHTML: (html) => html };

/** parse makes a detached element of a fragment. */
export function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = policy.createHTML(html);
  return holder.content;
}

/** SignedOut is thrown when the session has ended. */
export class SignedOut extends Error {}

/** fragment asks the server for a part of a page and returns {status, content}. It throws when the network fails. */
export async function fragment(url, part, options = {}) {
  const res = await fetch(url, { ...options, headers: { "X-Part": part }, credentials: "same-origin", redirect: "error" });
  if (res.status === 401) throw new SignedOut();
  return { status: res.status, content: parse(await res.text()) };
}

/** composing tells whether a key event belongs to an input method that is still composing. */
export const composing = (e) => e.isComposing || e.keyCode === 229;
