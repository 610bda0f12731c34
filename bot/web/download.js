// Saves what the server packed (bot/web/downloads.py) as a file. Runs once, with Gradio's `props` and
// `watch`.
watch("value", () => {
  if (!props.value) return;
  const { name, type, text } = JSON.parse(props.value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
