"use strict";
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  target.scrollIntoView();
  const summary = target.querySelector("summary");
  if (target.tagName === "DETAILS" && summary) summary.focus();
};
addEventListener("hashchange", reveal);
reveal();
for (const button of document.querySelectorAll("button[data-open], button[data-close]")) {
  const opens = "open" in button.dataset;
  button.addEventListener("click", () => {
    const section = document.getElementById(button.dataset.open || button.dataset.close);
    for (const each of section.querySelectorAll("details.test")) each.open = opens;
  });
}
for (const input of document.querySelectorAll("input[data-filter]")) {
  const table = document.getElementById(input.dataset.filter);
  const rows = [...table.tBodies[0].rows];
  const output = document.querySelector(`output[data-count="${input.dataset.filter}"]`);
  input.addEventListener("input", () => {
    table.closest("details").open = true;
    const words = input.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    output.textContent = `${shown} of ${rows.length}`;
  });
}
