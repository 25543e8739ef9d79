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
      any ||= !table.hidden;
    }
    document.getElementById("none").hidden = any;
  };
  tools.hidden = false;
  q.addEventListener("input", run);
  o.addEventListener("change", run);
})();
