/* Sets the chosen theme before the page is painted. Without a choice the system's setting stands. */
(function () {
  document.documentElement.classList.add("js");
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-bs-theme", theme);
  } catch (error) {
    /* Storage may be forbidden; then the system's setting stands. */
  }
})();
