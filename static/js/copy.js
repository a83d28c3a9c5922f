// data-copy="text" or data-copy-from="id" copies, and says so in words.
const say = (words) => {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = words; });
};

const write = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Intranets without TLS have no clipboard interface.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  try {
    await write(source ? (source.value ?? source.textContent) : button.dataset.copy);
  } catch {
    return;
  }
  const label = button.querySelector("span");
  const use = button.querySelector("use");
  const before = { words: label?.textContent, href: use?.getAttribute("href") };
  if ("copied" in button.dataset) return;
  button.dataset.copied = "";
  if (label) label.textContent = button.dataset.copiedWords;
  use?.setAttribute("href", before.href.replace(/#.*/, "#check"));
  say(button.dataset.copiedWords);
  setTimeout(() => {
    delete button.dataset.copied;
    if (label) label.textContent = before.words;
    use?.setAttribute("href", before.href);
  }, 2000);
});
