/* My work: a button that needs words asks for them at once, without a trip to the server.
 *
 *   data-needs="ID"   the field that must hold something before this button sends its form; [data-needed] around the
 *                     field is shown when it is empty
 */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target instanceof Element && event.target.closest("[data-needs]");
    var field = button && document.getElementById(button.dataset.needs);
    if (!field || field.value.trim()) return;
    event.preventDefault();
    var around = field.closest("[data-needed]");
    if (around) around.hidden = false;
    field.focus();
  });
})();

/* Proof is attached with two taps: the link opens the camera or the files, and what was chosen is sent at once. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target instanceof Element && event.target.closest(".mw-card a.mw-link");
    var form = link && link.closest(".mw-card").querySelector("form[data-attach]");
    if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (new URL(link.href).pathname !== new URL(form.action).pathname) return;
    event.preventDefault();
    form.querySelector("input[type=file]").click();
  });
  document.addEventListener("change", function (event) {
    var input = event.target instanceof Element && event.target.closest("[data-attach] input[type=file]");
    if (!input || !input.files.length) return;
    var state = input.form.querySelector("[data-attach-state]");
    state.textContent = state.dataset.sending;
    input.form.submit();
  });
})();
