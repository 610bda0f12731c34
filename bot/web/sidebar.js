// The pane of conversations. Runs once, with Gradio's `element` and `trigger`.
const pane = element.closest("#nb-talks");
pane.setAttribute("role", "navigation");
pane.setAttribute("aria-label", "Conversations");
const AT = "#talk/";

function leave() {
  pane.classList.remove("nb-open");
}

function rename(button) {
  const line = button.closest("li");
  const title = line.querySelector(".nb-open-talk");
  const box = document.createElement("input");
  Object.assign(box, { value: title.textContent, maxLength: 120, className: "nb-retitle" });
  box.setAttribute("aria-label", "New title");
  title.hidden = true;
  button.closest("details").open = false;
  line.prepend(box);
  box.select();
  let over = false;
  const end = (keep) => {
    if (over) return;
    over = true;
    const named = box.value.trim();
    box.remove();
    title.hidden = false;
    if (keep && named && named !== title.textContent) {
      trigger("rename", { id: button.dataset.rename, title: named });
    }
    title.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // else the title, focused now, takes the key and opens its talk
      end(true);
    }
    if (event.key === "Escape") end(false);
    event.stopPropagation();
  });
  box.addEventListener("blur", () => end(true));
}

element.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("button");
  if (!button) return;
  const { open, rename: renamed, delete: deleted, undo } = button.dataset;
  if ("new" in button.dataset) trigger("fresh", {});
  if (open) trigger("open", { id: open });
  if (renamed) rename(button);
  if (deleted) trigger("delete", { id: deleted });
  if (undo) trigger("undo", { id: undo });
  if (open || "new" in button.dataset) leave();
});

// A menu closes when something else is chosen, or with Escape.
document.addEventListener("click", (event) => {
  element.querySelectorAll("details[open]").forEach((menu) => {
    if (!event.target.closest("summary") || !menu.contains(event.target)) menu.open = false;
  });
});
element.addEventListener("keydown", (event) => {
  const menu = event.target.closest("details[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// In a small window the pane is a sheet over the talk.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("#nb-show-talks")) {
    pane.classList.toggle("nb-open");
    if (pane.classList.contains("nb-open")) element.querySelector("button").focus();
  } else if (!pane.contains(event.target)) {
    leave();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane.classList.contains("nb-open")) leave();
});

// The address remembers the conversation, so that it is there again after a reload.
if (location.hash.startsWith(AT)) {
  const id = location.hash.slice(AT.length);
  setTimeout(() => trigger("open", { id }), 0);
}
