// A list of very many choices gets a box that narrows it while typing. Options that do not match are
// taken out rather than hidden, because not every browser hides options; the chosen one always stays.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const equip = (select) => {
  if (select.dataset.longList === "" || select.previousElementSibling?.matches("[data-long-list-filter]")) return;
  const box = document.createElement("input");
  box.type = "search";
  box.autocomplete = "off";
  box.placeholder = select.dataset.longList;
  box.dataset.longListFilter = "";
  box.setAttribute("aria-label", `${select.labels[0]?.innerText ?? ""}: ${select.dataset.longList}`);
  box.setAttribute("aria-controls", select.id);
  const options = [...select.options].map((option) => [option, plain(option.text)]);
  let waiting;
  const narrow = () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    const shown = options.filter(([option, text]) =>
      option.selected || option.value === "" || words.every((word) => text.includes(word)));
    select.replaceChildren(...shown.map(([option]) => option));
    document.getElementById("announcer").textContent = words.length ? String(shown.length) : "";
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(narrow, 100);
  });
  box.addEventListener("keydown", (event) => {
    // Enter here must not send the form around it.
    if (event.key === "Enter") event.preventDefault();
  });
  select.before(box);
};

const equipAll = () => document.querySelectorAll("select[data-long-list]").forEach(equip);
equipAll();
document.addEventListener("htmx:load", equipAll);
