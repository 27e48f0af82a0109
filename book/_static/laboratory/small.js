/** Small laboratories inside a chapter: each begins when it comes into sight. */

/** @type {NodeListOf<HTMLElement>} */
const places = document.querySelectorAll(".laboratory.small");
for (const place of places)
  new IntersectionObserver(async (entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    const { begin } = await import("./chapter.js");
    begin(place);
  }, { rootMargin: "150px" }).observe(place);
