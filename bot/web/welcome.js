// The invitation, and what else can be asked by a button. Runs once, with Gradio's `element` and
// `trigger`.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("button[data-ask]");
  if (button) trigger("ask", { text: button.dataset.ask });
  else if (element.contains(event.target) && event.target.closest("button")) trigger("sample", {});
});
