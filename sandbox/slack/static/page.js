// Keeps an open tab current, and what is being typed in it. The server draws every state: this only sends forms,
// fetches the page again when the world changed, and puts the differences into the document. Without it the page works
// by plain forms and reloads.
"use strict";

const PAUSE_MS = 250; // in typing, before the stand-in hears of it
const typed = new Map(); // controls the server has not seen yet: how often each was changed
const pending = new Set(); // actions on their way, so that a double click is one
let queue = Promise.resolve();
let shown = Number(document.body.dataset.version);
const pauses = new Map(); // by form

// --- what is sent

const markOf = (control) => (control.form && control.form.dataset.on ? `${control.form.dataset.on} ${control.name}` : "");

const isOf = (form, mark) => mark.startsWith(`${form.dataset.on} `);

/** The form without the controls that were not touched: another tab may have filled those in. */
function bodyOf(form, action) {
  const all = new FormData(form);
  const controls = new Set(all.getAll("has"));
  const body = new FormData();
  for (const [name, value] of all) {
    const control = name === "has" ? value : name;
    if (!controls.has(control) || typed.has(`${form.dataset.on} ${control}`)) body.append(name, value);
  }
  if (action) {
    body.append(action.name, action.value);
    if (action.name === "enter") body.append(action.value, all.get(action.value));
  }
  return body;
}

/** Sends a form when those before it are answered; resolves to whether Slack did what was wanted. */
function send(form, action) {
  const name = action ? `${form.dataset.on || form.id} ${action.name} ${action.value}` : "";
  if (pending.has(name)) return Promise.resolve(false);
  if (name) pending.add(name);
  const button = action && action.button;
  if (button) button.setAttribute("aria-busy", "true");
  clearTimeout(pauses.get(form));
  const answered = queue.then(async () => {
    if (!form.isConnected || (!action && ![...typed.keys()].some((mark) => isOf(form, mark)))) return false;
    const sent = new Map(typed);
    const answer = await fetch(location.pathname, {
      method: "POST", body: bodyOf(form, action), headers: { "X-Live": "1" },
    });
    for (const [mark, times] of sent) {
      if (isOf(form, mark) && typed.get(mark) === times) typed.delete(mark);
    }
    const went = show(await textOf(answer));
    if (action && action.name === "submit") focusOnError();
    return went;
  });
  queue = answered.then(() => {}, () => say("The stand-in does not answer.")).then(() => {
    pending.delete(name);
    if (button) button.removeAttribute("aria-busy");
  });
  return answered.catch(() => false);
}

function changed(control, wait) {
  const mark = markOf(control);
  if (!mark || !control.name) return;
  typed.set(mark, (typed.get(mark) || 0) + 1);
  clearTimeout(pauses.get(control.form));
  pauses.set(control.form, setTimeout(() => { pauses.delete(control.form); send(control.form); }, wait));
}

// --- what is shown

/** Of an answer; what is not there any more (the stand-in was started anew) leads to the first page. */
async function textOf(answer) {
  if (answer.status === 404) location.assign("/");
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

/** Brings the document to this page, and answers whether it says that nothing went wrong. */
function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  if (Number(next.body.dataset.version) < shown) return true; // an older answer that came late
  shown = Number(next.body.dataset.version);
  const log = document.getElementById("messages");
  const followed = log && log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const active = document.activeElement;
  const top = topmost();
  const step = top && top.dataset.step;
  morph(document.body, next.body);
  document.title = next.title;
  if (active && active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
  openDialogs();
  if (topmost() === top && top && (top.dataset.step !== step || !top.contains(document.activeElement))) focusInto(top);
  if (log && followed) log.scrollTop = log.scrollHeight;
  return !document.querySelector(".trouble");
}

async function refresh() {
  try {
    const answer = await fetch(location.pathname, { headers: { "X-Live": "1" } });
    show(await textOf(answer));
    say("");
  } catch { say("The stand-in does not answer."); }
}

/** Makes the children of one element like those of another; elements with the same id stay the same. */
function morph(have, want) {
  const wanted = new Set([...want.children].map((child) => child.id).filter(Boolean));
  const twins = new Map([...have.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = have.firstChild;
  for (const next of [...want.childNodes]) {
    const twin = next.id ? twins.get(next.id) : isLike(at, next) ? at : null;
    if (twin && twin.nodeName === next.nodeName) {
      while (at && at !== twin && !wanted.has(at.id)) at = drop(at); // a moved element would lose the focus
      if (at === twin) at = at.nextSibling; else have.insertBefore(twin, at);
      adapt(twin, next);
    } else {
      have.insertBefore(document.importNode(next, true), at);
    }
  }
  while (at) at = drop(at);
}

const isLike = (have, want) => have && !have.id && have.nodeName === want.nodeName;

function drop(node) {
  const next = node.nextSibling;
  const isDialog = node.nodeName === "DIALOG" && node.open;
  if (isDialog) node.close(); // gives the focus back
  node.remove();
  const focused = document.activeElement;
  if (isDialog && focused && focused.matches("input, textarea")) {
    focused.blur(); // Chromium gives back the focus without the caret: nothing could be typed
    focused.focus();
  }
  return next;
}

function adapt(have, want) {
  if (have.nodeType !== Node.ELEMENT_NODE) {
    if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
    return;
  }
  if (have.hasAttribute("data-keep")) return;
  adaptAttributes(have, want);
  if (have.nodeName !== "TEXTAREA") morph(have, want);
  if (!typed.has(markOf(have))) adaptValue(have, want);
}

function adaptAttributes(have, want) {
  const own = new Set(["checked", "selected", "aria-busy"]); // these follow below, or are ours
  if (["DETAILS", "DIALOG"].includes(have.nodeName)) own.add("open");
  if (have.nodeName === "INPUT" && have.type !== "hidden" && !["radio", "checkbox"].includes(have.type)) own.add("value");
  for (const { name } of [...have.attributes]) if (!own.has(name) && !want.hasAttribute(name)) have.removeAttribute(name);
  for (const { name, value } of [...want.attributes]) {
    if (!own.has(name) && have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
}

function adaptValue(have, want) {
  if (have.type === "radio" || have.type === "checkbox") have.checked = want.checked;
  else if (have.type === "file") have.value = "";
  else if (["INPUT", "TEXTAREA", "SELECT"].includes(have.nodeName) && have.value !== want.value) have.value = want.value;
}

function say(text) {
  const said = document.getElementById("said");
  if (said && said.textContent !== text) said.textContent = text;
  document.body.classList.toggle("offline", text !== "" && text.includes("does not answer"));
}

// --- dialogs

const topmost = () => [...document.querySelectorAll("dialog.layer")].pop() || null;

function openDialogs() {
  for (const dialog of document.querySelectorAll("dialog.layer")) {
    if (dialog.matches(":modal")) continue;
    dialog.removeAttribute("open");
    dialog.showModal();
    focusInto(dialog);
  }
}

/** The control that asks for the focus, the first one, or the button that closes or agrees. */
function focusInto(dialog) {
  const control = dialog.querySelector("[data-focus]:not(fieldset)")
    || dialog.querySelector("input:checked, textarea, select, input:not([type=hidden], [type=radio])")
    || dialog.querySelector("input:not([type=hidden])")
    || [...dialog.querySelectorAll("footer .button")].pop();
  if (control) control.focus();
}

function focusOnError() {
  const wrong = document.querySelector("dialog [aria-invalid=true]");
  if (wrong) (wrong.matches("fieldset") ? wrong.querySelector("input:not([type=hidden])") : wrong).focus();
}

function keepFocusIn(dialog, event) {
  const able = [...dialog.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && one.offsetParent !== null);
  const leaves = event.shiftKey ? able[0] : able[able.length - 1];
  if (!able.length || (document.activeElement !== leaves && dialog.contains(document.activeElement))) return;
  event.preventDefault();
  (event.shiftKey ? able[able.length - 1] : able[0]).focus();
}

function escape(event) {
  const menu = [...document.querySelectorAll("details.menu[open]")].pop();
  const dialog = topmost();
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (dialog) {
    dialog.querySelector("[name=close], [name=close_confirm]").click();
  } else return;
  event.preventDefault();
}

// --- the composer

const composer = () => document.getElementById("text");
const suggestions = () => document.getElementById("suggestions");

function suggest() {
  const list = suggestions();
  const text = composer().value.toLowerCase();
  let found = 0;
  for (const one of list.children) {
    const fits = text.startsWith("/") && one.dataset.insert.startsWith(text) && one.dataset.insert !== text;
    one.hidden = !fits;
    one.setAttribute("aria-selected", "false");
    found += fits;
  }
  list.hidden = !found;
  composer().setAttribute("aria-expanded", String(found > 0));
  composer().removeAttribute("aria-activedescendant");
  composer().rows = Math.min(6, composer().value.split("\n").length);
}

function choose(step) {
  const fits = [...suggestions().children].filter((one) => !one.hidden);
  const before = fits.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const chosen = fits[(before + step + fits.length + (before < 0 && step < 0 ? 1 : 0)) % fits.length];
  for (const one of fits) one.setAttribute("aria-selected", String(one === chosen));
  composer().setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function take(suggestion) {
  composer().value = suggestion.dataset.insert;
  composer().focus();
  suggest();
}

function composerKey(event) {
  const open = !suggestions().hidden;
  const chosen = open && suggestions().querySelector("[aria-selected=true]");
  if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) choose(event.key === "ArrowDown" ? 1 : -1);
  else if (open && event.key === "Tab" && !event.shiftKey) take(chosen || suggestions().querySelector("li:not([hidden])"));
  else if (open && event.key === "Escape") suggestions().hidden = true;
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    if (chosen) take(chosen);
    else composer().form.requestSubmit();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

async function sendMessage(form) {
  const text = composer().value;
  if (!text.trim()) return;
  suggestions().hidden = true;
  const button = form.querySelector("[name=say]");
  if (await send(form, { name: "say", value: "1", button }) && composer() && composer().value === text) {
    composer().value = "";
    suggest();
  }
}

// --- events

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return; // a control may be called method
  event.preventDefault();
  const button = event.submitter;
  if (form.id === "composer") sendMessage(form);
  else if (button) {
    const menu = button.closest("details.menu");
    if (menu) menu.open = false;
    send(form, { name: button.name, value: button.value, button });
  }
});

document.addEventListener("input", (event) => {
  if (event.target === composer()) suggest();
  else if (event.target.matches("textarea, input:not([type=radio], [type=checkbox], [type=file])")) {
    changed(event.target, PAUSE_MS);
  }
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.dataset.now) send(control.form, { name: control.dataset.now, value: control.dataset.value });
  else if (control.matches("select, [type=radio], [type=checkbox], [type=file]")) changed(control, 0);
});

document.addEventListener("keydown", (event) => {
  const dialog = topmost();
  if (event.target === composer() && composer()) composerKey(event);
  if (event.defaultPrevented) return;
  if (event.key === "Escape") escape(event);
  else if (event.key === "Tab" && dialog) keepFocusIn(dialog, event);
  else if (event.key === "Enter" && event.target.matches("input[data-enter]")) {
    event.preventDefault();
    send(event.target.form, { name: "enter", value: event.target.name });
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("dialog textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("click", async (event) => {
  const suggestion = event.target.closest("#suggestions li");
  const copy = event.target.closest("[data-copy]");
  if (suggestion) take(suggestion);
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (!copy) return;
  await navigator.clipboard.writeText(copy.previousElementSibling.textContent);
  copy.textContent = "Copied";
  say("Copied");
  setTimeout(() => { copy.textContent = "Copy"; }, 1500);
});

// --- the world

let stream = null;
let soon = 0;

function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(`/changes?after=${shown}`);
  stream.onmessage = (event) => {
    if (Number(event.data) <= shown) return;
    clearTimeout(soon);
    soon = setTimeout(refresh, 20);
  };
  stream.onopen = refresh;
  stream.onerror = () => say("The stand-in does not answer.");
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  if (stream) stream.close();
  stream = null;
});

/** Whether it was used before this script ran. */
function isTouched(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.type === "file") return control.files.length > 0;
  if (control.nodeName !== "SELECT") return control.value !== control.defaultValue;
  return control.value !== ([...control.options].find((one) => one.defaultSelected) || control.options[0]).value;
}

document.documentElement.classList.add("live");
for (const control of document.querySelectorAll("form[data-on] :is(input:not([type=hidden]), textarea, select)")) {
  if (isTouched(control)) changed(control, PAUSE_MS);
}
if (document.body.matches(".screen, .start")) listen();
openDialogs();
const log = document.getElementById("messages");
if (log) log.scrollTop = log.scrollHeight;
if (composer()) suggest();
if (composer() && !topmost()) composer().focus();
