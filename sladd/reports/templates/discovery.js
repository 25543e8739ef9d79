(() => {
  const tools = document.querySelector(".tools");
  if (!tools) return;
  const q = document.getElementById("q"), o = document.getElementById("o");
  const run = () => {
    const word = q.value.trim().toLowerCase(), active = word !== "" || o.checked;
    let any = false;
    for (const table of document.querySelectorAll(".table")) {
      let seen = false;
      for (const row of table.querySelectorAll("tbody tr")) {
        const text = (table.dataset.name + " " + row.textContent).toLowerCase();
        row.hidden = !(text.includes(word) && (!o.checked || "open" in row.dataset));
        seen ||= !row.hidden;
      }
      table.hidden = active && !seen;
      table.open = active && seen;
      any ||= !table.hidden;
    }
    document.getElementById("none").hidden = any;
  };
  // Paper has no lid: what is folded is printed too, and folded again afterwards.
  let folded = [];
  const lids = () => [...document.querySelectorAll("details.table")];
  window.addEventListener("beforeprint", () => {
    folded = lids().filter((table) => !table.open);
    for (const table of folded) table.open = true;
  });
  window.addEventListener("afterprint", () => { for (const table of folded) table.open = false; });
  document.getElementById("all").addEventListener("click", () => {
    const open = lids().some((table) => !table.open);
    for (const table of lids()) table.open = open;
  });
  tools.hidden = false;
  q.addEventListener("input", run);
  o.addEventListener("change", run);
})();
