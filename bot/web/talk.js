// The talk: what can be asked by a button, and what can be done with a reply. Runs once, with
// Gradio's `element` and `trigger`.
const talk = element.closest("#nb-chat");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function copy(button) {
  const area = document.createElement("textarea"); // also where there is no clipboard to write to
  area.value = button.dataset.copy;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  button.focus();
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

function judge(button, exchange) {
  const acts = button.closest(".nb-acts");
  acts.querySelectorAll(".nb-thumb").forEach((thumb) => {
    thumb.setAttribute("aria-pressed", String(thumb === button));
  });
  const form = acts.querySelector("form");
  form.hidden = false;
  form.elements.comment.focus();
  trigger("judge", { exchange, good: button.dataset.good });
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("button");
  if (!button) return;
  const { ask, act, only, unfilter, value } = button.dataset;
  const exchange = button.closest("[data-exchange]")?.dataset.exchange;
  if (ask) trigger("ask", { text: ask });
  if (act === "copy") copy(button);
  if (act === "judge") judge(button, exchange);
  if (act === "retry" || act === "edit") trigger(act, { exchange });
  if (unfilter) trigger("unfilter", { filter: unfilter, value });
  if (only) {
    trigger("only", { id: only });
    document.querySelector("#nb-tabs [role=tab]")?.click(); // the chat's
    button.textContent = "Asking this article only";
  }
  if ("unedit" in button.dataset) trigger("unedit", {});
  if ("sample" in button.dataset) trigger("sample", {});
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".nb-comment")) return;
  event.preventDefault();
  const acts = event.target.closest("[data-exchange]");
  const pressed = acts.querySelector("[aria-pressed=true]");
  const comment = event.target.elements.comment.value;
  trigger("judge", { exchange: acts.dataset.exchange, good: pressed.dataset.good, comment });
});

// A new question goes to the top of the talk, so that its answer is read from the beginning.
let asked = 0;
new MutationObserver(() => {
  const questions = talk.querySelectorAll(".user-row");
  if (questions.length > asked) {
    const latest = questions[questions.length - 1];
    requestAnimationFrame(() => latest.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" }));
  }
  asked = questions.length;
}).observe(talk, { childList: true, subtree: true });
