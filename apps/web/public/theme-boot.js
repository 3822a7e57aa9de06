// Sets the theme before the first paint, so that nothing flashes. A file of its own because the CSP forbids inline scripts.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("kubev.theme") ?? "system";
  } catch {
    // Storage is forbidden here: follow the system.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
