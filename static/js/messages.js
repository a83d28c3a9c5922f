// Messages of the last action: announced politely once the page stands, and closable.
const announcer = document.getElementById("announcer");

const announce = () => {
  const texts = [...document.querySelectorAll("[data-messages]:not([data-said]) .notice-body")]
    .map((body) => body.textContent.trim());
  document.querySelectorAll("[data-messages]").forEach((list) => { list.dataset.said = ""; });
  if (texts.length) setTimeout(() => { announcer.textContent = texts.join(" "); }, 300);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close-message]");
  if (!button) return;
  const list = button.closest("[data-messages]");
  button.closest(".notice").remove();
  if (list && !list.querySelector(".notice")) list.remove();
  document.getElementById("main")?.focus({ preventScroll: true });
});

announce();
document.addEventListener("htmx:load", announce);
