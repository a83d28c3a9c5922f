// <section data-live="live|ready|failed" data-title="…">: the tab follows a run while one looks elsewhere.
const link = document.querySelector('link[rel="icon"]');
const usual = link?.href;
let before = document.querySelector("[data-live]")?.dataset.live;

const follow = () => {
  const section = document.querySelector("[data-live]");
  if (!section || !link) return;
  const now = section.dataset.live;
  if (section.dataset.title) document.title = section.dataset.title;
  link.href = link.getAttribute(`data-icon-${now}`) ?? usual;
  if (before === "live" && now !== "live" && section.dataset.said) {
    document.getElementById("announcer").textContent = section.dataset.said;
  }
  before = now;
};

follow();
document.addEventListener("htmx:afterSettle", follow);
