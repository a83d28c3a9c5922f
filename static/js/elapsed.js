// <time data-elapsed datetime="…">: how long ago, second by second, in the words of the "elapsed" filter.
const words = (total) => {
  const seconds = total % 60;
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  const two = (number) => String(number).padStart(2, "0");
  if (hours) return `${hours} h ${two(minutes)} min`;
  if (!minutes) return `${seconds} s`;
  return minutes < 10 ? `${minutes} min ${two(seconds)} s` : `${minutes} min`;
};

const tick = () => {
  for (const time of document.querySelectorAll("time[data-elapsed]")) {
    const total = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000));
    if (Number.isFinite(total)) time.textContent = words(total);
  }
};

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:load", tick);
