// The theme switch at once, without a new page; the form does the same where script does not run.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-switch]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  document.documentElement.dataset.theme = button.value;
  for (const other of document.querySelectorAll("[data-theme-switch] button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other.value === button.value));
  }
  const body = new FormData(form, button);
  fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" })
    .catch(() => {}); // The choice then lasts until the next page.
});
