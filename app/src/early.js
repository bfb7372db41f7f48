// What is chosen and typed before the page's other scripts have come, on a slow phone: they put every field back to what
// the page came with. Afterwards each is filled in again, and those who listen hear of it.
(() => {
  const fields = new Map();
  const kinds = ["input", "change"];
  const note = ({ target }) => {
    fields.delete(target);
    fields.set(target, [target.value, target.checked]);
  };
  for (const kind of kinds) addEventListener(kind, note, true);
  new MutationObserver((_, observer) => {
    observer.disconnect();
    for (const kind of kinds) removeEventListener(kind, note, true);
    // After all that is done at once when the page's parts are there.
    setTimeout(() => {
      for (const [field, [value, checked]] of fields) {
        // A file cannot be put back, and need not be.
        if (field.type !== "file") Object.assign(field, { value, checked });
        for (const kind of kinds) field.dispatchEvent(new Event(kind, { bubbles: true }));
      }
    });
  }).observe(document.documentElement, { attributeFilter: ["data-ready"] });
})();
