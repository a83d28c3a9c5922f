// Regions that scroll can be reached with the Tab key; those that do not are taken out of its way.
const check = (region) => {
  const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
  if (scrolls) region.tabIndex = 0;
  else region.removeAttribute("tabindex");
};

const sizes = new ResizeObserver((entries) => entries.forEach((entry) => check(entry.target)));
const watch = () => document.querySelectorAll("[data-scroll-region]").forEach((region) => sizes.observe(region));

watch();
document.addEventListener("htmx:load", watch);
