// <input data-filter="id"> narrows the [data-search] items of that element while typing.
// Inside it [data-filter-empty] is shown when nothing matches (its [data-filter-words] gets what was
// typed), and a [data-filter-group] without a match is hidden.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
const waiting = new WeakMap();

const narrow = (input) => {
  const root = document.getElementById(input.dataset.filter);
  if (!root) return;
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of root.querySelectorAll("[data-search]")) {
    const text = plain(item.dataset.search);
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  for (const group of root.querySelectorAll("[data-filter-group]")) {
    group.hidden = words.length > 0 && !group.querySelector("[data-search]:not([hidden])");
  }
  const empty = root.querySelector("[data-filter-empty]");
  if (empty) {
    empty.hidden = shown > 0 || words.length === 0;
    for (const slot of empty.querySelectorAll("[data-filter-words]")) slot.textContent = input.value.trim();
  }
  const announcer = document.getElementById("announcer");
  const counter = document.querySelector(`[data-filter-count="${input.dataset.filter}"]`);
  if (counter) {
    const template = shown === 1 ? counter.dataset.one : counter.dataset.many;
    counter.textContent = template.replace("%n", shown);
    announcer.textContent = words.length ? counter.textContent : "";
  } else if (empty) {
    announcer.textContent = empty.hidden ? "" : empty.textContent.trim().replace(/\s+/g, " ");
  }
};

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  clearTimeout(waiting.get(event.target));
  waiting.set(event.target, setTimeout(() => narrow(event.target), 100));
});

for (const input of document.querySelectorAll("[data-filter]")) {
  if (input.value) narrow(input);
}

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("[data-filter]");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
});
