// Lists of check boxes: select all or none of what is shown, filter, count.
const boxes = (list) => [...list.querySelectorAll('input[type="checkbox"]')];

const count = (list) => {
  const output = list.querySelector("[data-check-count]");
  if (!output) return;
  const all = boxes(list);
  const words = output.dataset.words
    .replace("%n", all.filter((box) => box.checked).length).replace("%t", all.length);
  if (output.textContent !== words) output.textContent = words;
};

const countAll = () => document.querySelectorAll("[data-check-list]").forEach(count);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-check-all], [data-check-none]");
  if (!button) return;
  const list = button.closest("[data-check-list]");
  const checked = "checkAll" in button.dataset;
  for (const box of boxes(list)) {
    if (!box.disabled && !box.closest(".choice").hidden) box.checked = checked;
  }
  list.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-check-list]");
  if (list) count(list);
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-check-list-filter]")) return;
  const words = event.target.value.trim().toLocaleLowerCase();
  for (const choice of event.target.closest("[data-check-list]").querySelectorAll(".choice")) {
    choice.hidden = !choice.textContent.toLocaleLowerCase().includes(words);
  }
});

document.addEventListener("keydown", (event) => {
  // Enter in the filter must not send the form around it.
  if (event.key === "Enter" && event.target.matches("[data-check-list-filter]")) event.preventDefault();
});

countAll();
document.addEventListener("htmx:load", countAll);
document.addEventListener("reset", () => setTimeout(countAll));
