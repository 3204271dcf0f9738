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
