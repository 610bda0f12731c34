// The invitation, and what else can be asked by a button. Runs once, with Gradio's `element` and
// `trigger`.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("button[data-ask]");
  if (button) trigger("ask", { text: button.dataset.ask });
  else if (element.contains(event.target) && event.target.closest("button")) trigger("sample", {});
});

// A new question goes to the top of the talk, so that its answer is read from the beginning.
const talk = element.closest("#nb-chat");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let asked = 0;
new MutationObserver(() => {
  const questions = talk.querySelectorAll(".user-row");
  if (questions.length > asked) {
    const latest = questions[questions.length - 1];
    requestAnimationFrame(() => latest.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" }));
  }
  asked = questions.length;
}).observe(talk, { childList: true, subtree: true });
