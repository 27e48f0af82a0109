/** Small laboratories inside a chapter: the script comes when the first one comes into sight. */

{
  const address = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    const script = document.createElement("script");
    script.src = address.replace("small.js", "laboratory.js");
    document.head.append(script);
  }, { rootMargin: "150px" });
  for (const place of document.querySelectorAll(".laboratory.small")) observer.observe(place);
}
