// The evidence pane. Runs once, with Gradio's `element`, `trigger` and `watch`.
// A chosen mark is sent to the server, which answers with its article; then the sentence is shown.
const MARK = "a[href^='#cite/']";
const pane = element.closest("#nb-evidence");
let cite = null;
let origin = null;

pane.setAttribute("role", "complementary");
pane.setAttribute("aria-label", "Evidence");
const scroller = element.closest("#nb-article");
scroller.tabIndex = 0; // so that the keyboard can scroll it

const small = matchMedia("(max-width: 820px)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function reveal() {
  pane.classList.add("nb-open");
  const chosen = element.querySelector("mark.nb-chosen");
  const heading = element.querySelector("h3");
  if (heading) heading.focus({ preventScroll: true });
  if (!chosen) scroller.scrollTop = 0;
  else chosen.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
}

// In a small window the evidence lies over the talk; elsewhere closing it shows the newest articles.
function close() {
  leave();
  if (!small.matches) trigger("shut", {});
}

function leave() {
  pane.classList.remove("nb-open");
  const back = origin && origin.isConnected ? origin : document.querySelector("#nb-message textarea");
  back.focus();
}

function point(mark) {
  document.querySelectorAll(MARK + "[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  mark.setAttribute("aria-current", "true");
  origin = mark;
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest(".nb-close")) return close();
  const mark = event.target.closest(MARK);
  if (!mark) return;
  event.preventDefault();
  point(mark);
  const chosen = mark.getAttribute("href");
  if (chosen === cite) return reveal();
  cite = chosen;
  const near = [...(mark.closest(".nb-result") ?? document).querySelectorAll(MARK)];
  trigger("cite", { cite, near: [...new Set(near.map((other) => other.getAttribute("href")))] });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane.classList.contains("nb-open")) close();
});

watch("value", () => {
  if (element.querySelector(".nb-revisions, .nb-problem")) cite = null; // of no mark
  if (element.querySelector(".nb-article, .nb-problem")) return reveal();
  cite = null;
  scroller.scrollTop = 0;
  pane.classList.remove("nb-open");
});

// The arrows go along the strip of tabs.
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
document.addEventListener("keydown", (event) => {
  const tab = event.target instanceof Element && event.target.closest("#nb-tabs [role=tab]");
  const step = STEPS[event.key];
  if (!tab || !step) return;
  event.preventDefault();
  const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next.click();
  next.focus();
});
