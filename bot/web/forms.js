// The forms and buttons of a tab. Runs once for each component that has some, with Gradio's
// `element`, `trigger`, `upload` and `watch`; before it stands EVENTS, the names it may trigger.
//   <form data-event="list">             its fields, when it is submitted
//   <form data-live>                     also when a choice changes or somebody stops typing
//   <button data-event="revisions">      its data-... attributes
//   <button data-event data-submits>     the fields of its form too, and its own data-field
//   <button data-confirm>                opens the dialog, whose form is submitted as any other
//   <div data-drop>                      takes files; their places go with its form's fields
const PAUSE = 350; // milliseconds without a key after which somebody has stopped typing
const uploaded = new WeakMap();
let typing = 0;

function fieldsOf(form, submitter) {
  const fields = {};
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === "string") (fields[name] ??= []).push(value);
  }
  for (const drop of form.querySelectorAll("[data-drop]")) {
    const name = drop.querySelector("input[type=file]").dataset.name;
    fields[name] = (uploaded.get(drop) ?? []).map((one) => one.path);
  }
  return fields;
}

function send(name, given) {
  if (EVENTS.includes(name)) trigger(name, given);
}

function forget(form) {
  for (const drop of form.querySelectorAll("[data-drop]")) {
    uploaded.delete(drop);
    drop.querySelector(".nb-files").textContent = "";
  }
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const submitter = event.submitter?.name ? event.submitter : undefined;
  send(form.dataset.event, { fields: fieldsOf(form, submitter) });
  if (form.hasAttribute("data-clears")) {
    forget(form);
    form.reset();
  }
  form.closest("dialog")?.close();
});

element.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button");
  if (!button) return;
  const { event: name, confirm, dismiss, submits, field, value, ...given } = button.dataset;
  if (confirm !== undefined) return ask(given);
  if (dismiss !== undefined) return button.closest("dialog").close();
  if (name === undefined) return;
  const fields = submits !== undefined ? fieldsOf(button.form) : {};
  if (field !== undefined) (fields[field] ??= []).push(value);
  for (const [key, one] of Object.entries(given)) fields[key] = [one];
  send(name, { fields });
});

function ask({ article, title }) {
  const dialog = element.querySelector("dialog");
  dialog.querySelector(".nb-dialog-what").textContent = title;
  dialog.querySelector("input[name=article]").value = article;
  dialog.showModal();
  dialog.querySelector("[data-dismiss]").focus(); // what cannot be undone is no key away
}

element.addEventListener("change", (event) => {
  const drop = event.target.closest("[data-drop]");
  if (drop && event.target.type === "file") return take(drop, event.target.files);
  const form = event.target.form;
  if (form?.hasAttribute("data-live")) form.requestSubmit();
});

element.addEventListener("input", (event) => {
  const { form, dataset, type } = event.target;
  if (!form || (type !== "search" && type !== "text")) return;
  if (!form.hasAttribute("data-live") && !dataset.liveEvent) return;
  clearTimeout(typing);
  typing = setTimeout(() => {
    if (dataset.liveEvent) send(dataset.liveEvent, { fields: fieldsOf(form) });
    else form.requestSubmit();
  }, PAUSE);
});

element.addEventListener("keydown", (event) => {
  const name = event.target.dataset?.liveEvent;
  if (event.key !== "Enter" || !name) return;
  event.preventDefault(); // the form is for the whole; here only the search is meant
  clearTimeout(typing);
  send(name, { fields: fieldsOf(event.target.form) });
});

// Files

for (const kind of ["dragover", "dragleave", "drop"]) {
  element.addEventListener(kind, (event) => {
    const drop = event.target instanceof Element && event.target.closest("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("nb-over", kind === "dragover");
    if (kind === "drop") take(drop, event.dataTransfer.files);
  });
}

async function take(drop, files) {
  const list = drop.querySelector(".nb-files");
  const chosen = [...files];
  drop.querySelector("input[type=file]").value = "";
  for (const [number, file] of chosen.entries()) {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = `${file.name}: ${number + 1} of ${chosen.length} …`;
    try {
      const { path } = await upload(file);
      uploaded.set(drop, [...(uploaded.get(drop) ?? []), { path, name: file.name }]);
      line.textContent = file.name;
    } catch {
      line.textContent = `${file.name} could not be taken; it may be larger than 50 MB.`;
      line.className = "nb-failed";
    }
  }
  const form = drop.closest("form");
  if (drop.hasAttribute("data-sends") && (uploaded.get(drop) ?? []).length) form.requestSubmit();
}

// Work that begins is shown from its beginning, however far down the form it is.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let busy = false;
watch("value", () => {
  const begins = !busy && element.querySelector(".nb-progress") !== null;
  busy = element.querySelector(".nb-progress") !== null;
  if (begins) element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
});

// What was uploaded for a form stays on its list when the server shows the form anew.
watch("value", () => {
  for (const drop of element.querySelectorAll("[data-drop]")) {
    const lines = (uploaded.get(drop) ?? []).map(({ name }) => {
      const line = document.createElement("li");
      line.textContent = name;
      return line;
    });
    drop.querySelector(".nb-files").replaceChildren(...lines);
  }
});

// A text area that somebody has typed in ignores what the server puts in it; an example must show.
const given = new WeakMap();
watch("value", () => {
  for (const area of element.querySelectorAll("textarea")) {
    if (area.defaultValue && area.defaultValue !== given.get(area)) area.value = area.defaultValue;
    given.set(area, area.defaultValue);
  }
});
