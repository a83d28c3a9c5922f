// <form data-unsaved>: ask before leaving a form with changes that were not sent.
const state = (form) => new URLSearchParams(
  [...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]),
).toString();

const first = new WeakMap();
const sent = new WeakSet();

const watch = () => {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    if (!first.has(form)) first.set(form, state(form));
  }
};

watch();
document.addEventListener("htmx:load", watch);
document.addEventListener("submit", (event) => sent.add(event.target));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    if (!sent.has(form) && first.has(form) && state(form) !== first.get(form)) event.preventDefault();
  }
});
