/* The HTML document's script: filtering. The page is whole without it: everything is there and
 * open. Embedded by html.c; its SHA-256 is in the page's policy. Nothing here makes markup out of
 * text. */
(function () {
  "use strict";
  var form = document.querySelector("form.filter");
  var findings = Array.prototype.slice.call(document.querySelectorAll("li.finding"));
  var rules = Array.prototype.slice.call(document.querySelectorAll("details.rule"));
  var topics = Array.prototype.slice.call(document.querySelectorAll("div.topic"));
  var output = form.querySelector("output");
  var fields = ["verdict", "severity", "rule", "resource"];
  /* What a search looks in: not the lines of source, which show what stands around too. */
  var texts = findings.map(function (finding) {
    var parts = [finding.closest("details.rule").querySelector("summary")];
    Array.prototype.forEach.call(finding.children, function (child) {
      if (child.tagName !== "PRE")
        parts.push(child);
    });
    return parts.map(function (part) { return part.textContent; }).join(" ").toLowerCase();
  });

  /* The values that findings have, as options of a select. */
  function fill(field) {
    var select = form.elements[field];
    var seen = new Set();
    findings.forEach(function (finding) {
      if (finding.dataset[field])
        seen.add(finding.dataset[field]);
    });
    var values = Array.from(seen);
    if (field === "rule" || field === "resource")
      values.sort();
    values.forEach(function (value) {
      if (!select.querySelector('option[value="' + CSS.escape(value) + '"]'))
        select.add(new Option(value, value));
    });
  }

  function isWanted(finding, i, words) {
    return fields.every(function (field) {
      var wanted = form.elements[field].value;
      return wanted === "" || finding.dataset[field] === wanted;
    }) && words.every(function (word) {
      return texts[i].indexOf(word) >= 0;
    });
  }

  function isFiltering() {
    return form.elements.search.value.trim() !== "" || fields.some(function (field) {
      return form.elements[field].value !== "";
    });
  }

  function apply() {
    var words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var filtering = isFiltering();
    var shown = 0;
    findings.forEach(function (finding, i) {
      finding.hidden = filtering && !isWanted(finding, i, words);
      shown += finding.hidden ? 0 : 1;
    });
    rules.forEach(function (rule) {
      var some = rule.querySelector("li.finding:not([hidden])") !== null;
      rule.hidden = filtering && !some;
      if (filtering && some)
        rule.open = true;
    });
    topics.forEach(function (topic) {
      topic.hidden = filtering && topic.querySelector("details.rule:not([hidden])") === null;
    });
    output.value = filtering ? shown + " of " + findings.length + " verdicts shown" : findings.length + " verdicts";
  }

  /* What holds is folded; a link into it, and paper, open it. */
  function fold() {
    rules.forEach(function (rule) {
      rule.open = !(rule.classList.contains("pass") || rule.classList.contains("none"));
    });
  }

  function openTarget() {
    var target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    var rule = target ? target.closest("details.rule") : null;
    if (!rule)
      return;
    if (rule.hidden || target.hidden) {
      form.reset();
      apply();
    }
    rule.open = true;
    target.scrollIntoView();
  }

  fields.forEach(fill);
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", function () {
    rules.forEach(function (rule) { rule.open = true; });
  });
  window.addEventListener("afterprint", fold);
  fold();
  apply();
  openTarget();
})();
