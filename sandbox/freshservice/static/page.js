// Keeps an open tab current: when the account changed, the parts marked as live are fetched again and put in, but for
// those in which somebody is typing. Without it the page works by plain forms and reloads.
"use strict";

const dirty = new Set(); // forms that were touched
let shown = Number(document.body.dataset.version);
let fetching = false;

const isBusy = (part) =>
  part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea") ||
  [...dirty].some((form) => form.isConnected && (part.contains(form) || form.contains(part))) ||
  [...part.querySelectorAll("details[open]")].length > 0;

async function refresh() {
  if (fetching) return;
  fetching = true;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other && !isBusy(part) && other.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(other));
    }
    document.title = fresh.title;
    shown = Number(fresh.body.dataset.version);
  } finally {
    fetching = false;
  }
}

document.addEventListener("input", (event) => event.target.form && dirty.add(event.target.form));

const changes = new EventSource(`/changes?after=${shown}`);
changes.onopen = () => document.documentElement.classList.remove("offline");
changes.onerror = () => document.documentElement.classList.add("offline");
changes.onmessage = (event) => {
  if (Number(event.data) !== shown) refresh().catch(() => {});
};
