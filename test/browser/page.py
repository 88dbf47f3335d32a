"""page.py BROWSER FOLDER: the HTML documents in FOLDER in a real browser, over the DevTools protocol
on a pipe (https://chromedevtools.github.io/devtools-protocol/; no module beyond the standard ones).

Checked: nothing of a hostile input runs, nothing breaks the page's own policy; no sideways scrolling
at 320 pixels; filter, search and deep links; names, headings and contrast for readers of every kind,
light and dark; the page without scripts; paper.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

browser, folder = sys.argv[1:3]
passed = failed = 0


def check(name, good, what=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name} {what}")


class Browser:
    """Messages end with NUL: the browser reads them from descriptor 3 and writes to 4."""

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def connect():
            # Out of the way first: either may be 3 or 4 itself.
            read, write = os.dup(to_browser), os.dup(from_browser)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--user-data-dir=" + self.profile, "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []

    def message(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_end, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def send(self, method, **params):
        self.number += 1
        command = {"id": self.number, "method": method, "params": params}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.write_end, json.dumps(command).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while True:
            for event in self.events:
                if event.get("method") == method:
                    self.events.remove(event)
                    return event
            self.events.append(self.message())

    def evaluate(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(expression + ": " + json.dumps(result["exceptionDetails"])[:400])
        return result["result"].get("value")

    def open_page(self):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log"]:
            self.send(domain + ".enable")
        self.send("Page.addScriptToEvaluateOnNewDocument", source="""
            window.violations = [];
            document.addEventListener('securitypolicyviolation',
                event => window.violations.push(event.violatedDirective + ' ' + event.sample));""")

    def go(self, path):
        self.events.clear()
        self.send("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("Page.loadEventFired")

    def width(self, width, dark=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                  mobile=False)
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def close(self):
        os.close(self.write_end)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


# The ratio of WCAG 2.1, 1.4.3, for every element with text of its own; those below 4.5.
CONTRAST = """(() => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  for (const element of document.querySelectorAll('main *, header *, nav *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || element.closest('svg') || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const a = light(parse(style.color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5 && style.opacity === '1') low.add(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2));
  }
  return [...low];
})()"""

HEADINGS = """(() => {
  let last = 0;
  const bad = [];
  for (const heading of document.querySelectorAll('h1,h2,h3,h4')) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) bad.push(heading.textContent);
    last = level;
  }
  return bad;
})()"""

UNNAMED = """[...document.querySelectorAll('a,button,input,select,summary')].filter(element =>
    !(element.textContent.trim() || element.getAttribute('aria-label') || element.labels?.length))
    .map(element => element.outerHTML)"""


def check_page(page, name):
    path = os.path.join(folder, name + ".html")
    page.width(1280)
    page.go(path)
    # Nothing runs, nothing is fetched, nothing breaks the policy.
    check(name, page.evaluate("document.title.length") > 1, "its title was changed")
    check(name, page.evaluate("window.violations") == [], page.evaluate("window.violations"))
    dialogs = [e for e in page.events if e.get("method") == "Page.javascriptDialogOpening"]
    check(name, not dialogs, "a dialog was opened")
    errors = [e["params"]["entry"]["text"] for e in page.events if e.get("method") == "Log.entryAdded"]
    check(name, not errors, errors)
    thrown = [e for e in page.events if e.get("method") == "Runtime.exceptionThrown"]
    check(name, not thrown, str(thrown)[:300])
    for selector, count in {"script": 1, "style": 1, "img,iframe,object,embed,link": 0, "[style]": 0,
                            "base": 0}.items():
        found = page.evaluate(f"document.querySelectorAll('{selector}').length")
        check(name, found == count, f"{selector}: {found}")
    links = page.evaluate("[...document.querySelectorAll('[href]')].map(a => a.getAttribute('href'))")
    check(name, all(link.startswith(("#", "https://", "http://")) for link in links), "odd links")
    handlers = page.evaluate("[...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => a.name.startsWith('on')))")
    check(name, not handlers, "an element has a handler")
    # Every link inside leads somewhere, no name is given twice.
    dead = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id))")
    check(name, dead == [], f"dead links {dead[:5]}")
    twice = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)")
    check(name, twice == [], f"ids given twice {twice[:5]}")
    # For everybody.
    check(name, page.evaluate("document.querySelectorAll('h1').length") == 1, "h1")
    check(name, page.evaluate("document.documentElement.lang") == "en", "lang")
    check(name, page.evaluate(HEADINGS) == [], "headings skip a level")
    check(name, page.evaluate(UNNAMED) == [], f"without a name: {page.evaluate(UNNAMED)[:3]}")
    for dark in (False, True):
        page.width(1280, dark)
        low = page.evaluate(CONTRAST)
        check(name, low == [], f"contrast ({'dark' if dark else 'light'}): {low[:6]}")
    for width in (320, 375, 768, 1280):
        page.width(width)
        found = page.evaluate("document.documentElement.scrollWidth")
        check(name, found <= width, f"{found} pixels wide at {width}")
    page.width(1280)


def check_filter(page):
    name = "shop: filter"
    shown = "document.querySelectorAll('li.finding:not([hidden])').length"
    set_field = """(() => {{ const form = document.querySelector('form.filter');
        form.elements['{0}'].value = '{1}';
        form.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"""
    page.go(os.path.join(folder, "shop.html"))
    check(name, not page.evaluate("document.querySelector('form.filter').hidden"), "is not there")
    check(name, page.evaluate(shown) == 32, page.evaluate(shown))
    check(name, page.evaluate("[...document.querySelectorAll('details.rule.pass')].every(d => !d.open)"), "passes are open")
    for field, value, count in [("verdict", "fail", 17), ("severity", "critical", 3),
                                ("rule", "ECS-SG-001", 1)]:
        page.evaluate(set_field.format(field, value))
        check(name, page.evaluate(shown) == count, f"{field}={value}: {page.evaluate(shown)}")
    check(name, page.evaluate("document.querySelector('form.filter output').value") == "1 of 32 verdicts shown")
    page.evaluate("document.querySelector('form.filter').reset()")
    page.evaluate("new Promise(done => setTimeout(done, 20))")
    check(name, page.evaluate(shown) == 32, "after reset")
    page.evaluate(set_field.format("search", "PRIVILEGED proxy"))
    check(name, page.evaluate(shown) == 1, f"search: {page.evaluate(shown)}")
    # A link into what is filtered away and folded shows it.
    target = page.evaluate("document.querySelector('details.pass li.finding').id")
    page.evaluate(f"location.hash = '#{target}'")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    check(name, page.evaluate(f"document.getElementById('{target}').getClientRects().length") > 0, "deep link")
    # By keyboard: the skip link comes first.
    page.go(os.path.join(folder, "shop.html"))
    page.send("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    check(name, page.evaluate("document.activeElement.className") == "skip", "first focus")


def check_without_script(page):
    name = "shop: without scripts"
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    page.go(os.path.join(folder, "shop.html"))
    page.send("Emulation.setScriptExecutionDisabled", value=False)
    check(name, page.evaluate("document.querySelector('form.filter').getClientRects().length") == 0, "the filter is there")
    check(name, page.evaluate("[...document.querySelectorAll('details.rule')].every(d => d.open)"), "something is folded")
    check(name, page.evaluate("[...document.querySelectorAll('li.finding')].every(f => f.getClientRects().length > 0)"), "something is hidden")


def check_paper(page):
    name = "shop: paper"
    page.go(os.path.join(folder, "shop.html"))
    data = base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True)["data"])
    check(name, data.startswith(b"%PDF"), "no PDF")
    # One page at least for each of the twelve sections behind the summary.
    pages = data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type/Page/")
    check(name, 13 <= pages <= 30, f"{pages} pages")
    check(name, page.evaluate("[...document.querySelectorAll('details.rule.pass')].every(d => !d.open)"), "folded again")


page = Browser()
try:
    page.open_page()
    for sample in ["shop", "passing", "open", "fleet", "hostile", "empty"]:
        check_page(page, sample)
    check_filter(page)
    check_without_script(page)
    check_paper(page)
finally:
    page.close()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
