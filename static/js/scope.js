/* Keeps what is typed while an answer is on its way.
 *
 * A button of the wizard or of the settings ("Add", "Remove") replaces the whole form. Without this, words typed
 * between the click and the answer would go. A list's input for the next line ([data-next-line]) is emptied at once,
 * so that the next line can be typed at once; when the answer fails, its text comes back.
 */
(function () {
  "use strict";

  var PLACES = ["wz", "scope-page"];
  var sent = null;

  function texts() {
    var found = {};
    document.querySelectorAll("main input[id]:not([type=radio]):not([type=checkbox]), main textarea[id], main select[id]").forEach(function (field) {
      found[field.id] = field.value;
    });
    return found;
  }
  function concerns(event) {
    return event.detail.target && PLACES.indexOf(event.detail.target.id) >= 0;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!concerns(event)) return;
    sent = { cleared: {} };
    document.querySelectorAll("[data-next-line]").forEach(function (field) {
      sent.cleared[field.id] = field.value;
      field.value = "";
    });
    sent.texts = texts();
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!sent || !concerns(event) || !event.detail.shouldSwap) return;
    var now = texts();
    sent.typed = Object.keys(now).filter(function (id) { return now[id] !== sent.texts[id]; })
      .map(function (id) { return [id, now[id]]; });
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (!sent || !sent.typed) return;
    sent.typed.forEach(function (pair) {
      var field = document.getElementById(pair[0]);
      if (field) field.value = pair[1];
    });
    sent = null;
  });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () {
      if (!sent) return;
      Object.keys(sent.cleared).forEach(function (id) {
        var field = document.getElementById(id);
        if (field && !field.value) field.value = sent.cleared[id];
      });
      sent = null;
    });
  });
})();
