// The invitation. Runs once, with Gradio's `element` and `trigger`.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask) trigger("ask", { text: button.dataset.ask });
  else trigger("sample", {});
});
